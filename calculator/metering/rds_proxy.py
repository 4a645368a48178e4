"""Amazon RDS Proxy: hours of the vCPUs or ACUs of the database behind it, with a least size."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered
from pricing.formula.language import Number, maximum, minimum, ratio

LEAST_VCPUS = 2
LEAST_ACU = 8


def meter(inputs: Inputs) -> Metered:
    """Count the vCPU-hours or ACU-hours of a month.

    Follows https://aws.amazon.com/rds/proxy/pricing/.

    >>> meter(Inputs({"database": "instances", "vcpus": 1, "instances": 2, "proxy_hours": 730})).usage
    {'vcpu_hours': 2920}
    """
    if inputs.database == "instances":
        return Metered(usage={"vcpu_hours": inputs.instances * maximum(inputs.vcpus, LEAST_VCPUS) * inputs.proxy_hours})
    return Metered(usage={"acu_hours": inputs.instances * maximum(inputs.mean_acu, LEAST_ACU) * inputs.proxy_hours})


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """The database that the connection leads to: its instances, and their mean capacity over the month."""
    databases = [carried.target for carried in leaving if hasattr(carried.target, "mean_acu")]
    if not databases:
        # Another proxy, a function: what it is a proxy of nobody says, and the least is billed.
        return {"instances": 1, "mean_acu": LEAST_ACU} if leaving else {}
    database = databases[0]
    busy_acu = minimum(maximum(database.mean_acu, database.min_acu), database.max_acu)
    idle_hours = maximum(inputs.month_hours - database.busy_hours, 0)
    acu_hours = busy_acu * database.busy_hours + database.min_acu * idle_hours
    return {"instances": database.instances, "mean_acu": ratio(acu_hours, database.busy_hours + idle_hours)}
