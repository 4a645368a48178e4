"""Advice on what is stored: classes of tables, objects and disks, and engines, of which another costs less."""

from collections.abc import Iterator

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import number
from calculator.rules.changes import Advice, advised, stated, with_inputs
from calculator.rules.view import View

OTHER_CLASS = {"standard": "standard_ia", "standard_ia": "standard"}
# Classes that bill what is read of them, by the GB.
READ_BY_GB = ("standard_ia", "onezone_ia", "glacier_ir")


@rule(
    why="Standard-IA stores for less than half and charges a quarter more for each read and write: where storage is "
    "the larger part of the bill it costs less, else more.",
    remedy="Switch the table class; the table stays in use, and may be switched twice in 30 days.",
    source="docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.TableClasses.html",
    checked="2026",
)
def dynamodb_table_class(view: View) -> Iterator[Breach]:
    """The other class of a table costs less."""
    found = (
        Advice(
            (component.name,),
            f"{number(component.inputs.storage_gb)} GB; {OTHER_CLASS[component.inputs.table_class]} instead",
            with_inputs(component, table_class=OTHER_CLASS[component.inputs.table_class]),
        )
        for component in view.of("dynamodb_table")
        if stated(view, component) and component.inputs.storage_gb > 0
    )
    yield from advised(view, INFO, found)


@rule(
    why="Infrequent access bills each GB that is read, and small or short-lived objects as if they were larger: what "
    "is read often costs less in the standard class.",
    remedy="Keep it in the standard class, or let Intelligent-Tiering decide.",
    source="aws.amazon.com/s3/pricing",
    checked="2026",
)
def s3_class_read_often(view: View) -> Iterator[Breach]:
    """Objects in an infrequent access class cost more than in the standard class."""
    found = (
        Advice(
            (component.name,),
            f"{number(component.inputs.retrieval_gb)} GB read a month of {number(component.inputs.storage_gb)} GB",
            with_inputs(component, storage_class="standard"),
        )
        for component in view.of("s3_bucket")
        if component.inputs.storage_class in READ_BY_GB
    )
    yield from advised(view, INFO, found)


@rule(
    why="gp3 volumes cost a fifth less than gp2 and have 3,000 IOPS whatever their size.",
    remedy="Change the volumes to gp3; they stay in use meanwhile.",
    source="docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html",
    checked="2026",
)
def gp3_instead_of_gp2(view: View) -> Iterator[Breach]:
    """Volumes are of the dearer generation."""
    found = (
        Advice(
            (component.name,),
            f"{number(component.inputs.gp2_gb)} GB of gp2 on each instance",
            with_inputs(component, gp2_gb=None, gp3_gb=component.inputs.gp3_gb + component.inputs.gp2_gb),
        )
        for component in view.of("ec2_instance", "ecs_service")
        if component.get("gp2_gb")
    )
    yield from advised(view, INFO, found)


@rule(
    why="I/O-Optimized bills no I/O and more for capacity and storage: where I/O is more than about a quarter of the "
    "bill it costs less.",
    remedy="Switch the cluster's storage to Aurora I/O-Optimized; it can be switched back at any time.",
    source="docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.storage-type.html",
    checked="2026",
)
def aurora_io_optimized(view: View) -> Iterator[Breach]:
    """A cluster's I/O costs more than storage that bills none."""
    found = (
        Advice(
            (component.name,),
            f"{number(component.inputs.io_requests)} I/O requests a month",
            with_inputs(component, storage_mode="io_optimized"),
        )
        for component in view.of("aurora_serverless")
        if component.inputs.storage_mode == "standard" and component.inputs.io_requests > 0
    )
    yield from advised(view, INFO, found)


@rule(
    why="Valkey understands what Redis OSS does, and costs a third less here; its smallest cache is a tenth in size.",
    remedy="Upgrade the cache to Valkey in place.",
    source="aws.amazon.com/elasticache/pricing",
    checked="2026",
)
def valkey_instead_of_redis(view: View) -> Iterator[Breach]:
    """A cache runs on the dearer engine."""
    found = (
        Advice((component.name,), "valkey instead of redis", with_inputs(component, engine="valkey"))
        for component in view.of("elasticache_serverless")
        if component.inputs.engine == "redis"
    )
    yield from advised(view, INFO, found)
