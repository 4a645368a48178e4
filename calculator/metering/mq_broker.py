"""Amazon MQ: broker hours by engine, deployment and size, and the GB of messages that are kept."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import Number

CLUSTER = 3


def meter(b: Inputs) -> Metered:
    """Count the hours and GB of a month, and what Amazon MQ limits: brokers, connections and storage [GB].

    Follows https://aws.amazon.com/amazon-mq/pricing/ and the quotas of the Amazon MQ developer guide.

    >>> cluster = {"engine": "rabbitmq", "deployment": "multi_az", "cluster_instance_type": "mq.m5.large"}
    >>> meter(Inputs(cluster | {"storage_gb": 10, "brokers": 1, "broker_hours": 730})).usage
    {'rabbitmq_cluster_hours_mq_m5_large': 730, 'ebs_storage': 30}
    """
    hours = b.brokers * b.broker_hours
    # Each broker of a cluster keeps the messages; a pair shares one storage.
    copies = CLUSTER if b.engine == "rabbitmq" and b.deployment == "multi_az" else 1
    usage = {_hours_meter(b): hours, _storage_meter(b): b.brokers * b.storage_gb * copies}
    demand = {"mq_brokers": b.brokers}
    if b.engine == "activemq":
        demand |= _activemq_demand(b)
    return Metered(usage=usage, demand=demand)


def _hours_meter(b: Inputs) -> str:
    if b.engine == "activemq":
        family = "activemq_hours" if b.deployment == "single_instance" else "activemq_pair_hours"
        return family_member(family, b.instance_type)
    if b.deployment == "single_instance":
        return family_member("rabbitmq_hours", b.rabbitmq_instance_type)
    return family_member("rabbitmq_cluster_hours", b.cluster_instance_type)


def _storage_meter(b: Inputs) -> str:
    if b.engine == "rabbitmq":
        return "ebs_storage"
    single = b.deployment == "single_instance"
    return "ebs_storage" if single and b.storage_type == "ebs" else "efs_storage"


def _activemq_demand(b: Inputs) -> dict[str, Number]:
    micro = b.instance_type.endswith(".micro")
    demand = {"mq_storage_micro" if micro else "mq_storage": b.storage_gb}
    if b.connections is not None:
        demand["mq_connections_micro" if micro else "mq_connections_large"] = b.connections
    return demand
