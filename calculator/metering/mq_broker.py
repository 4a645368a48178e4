"""Amazon MQ: broker hours by engine, deployment and size, and the GB of messages that are kept."""

from calculator.metering import Inputs, Metered, Sent
from calculator.metering.batches import polled
from pricing.catalogue.component_type import family_member
from pricing.formula.language import Number

CLUSTER = 3
# Executions that a mapping lets run at one time, each with a batch of its own.
AT_ONE_TIME = {"activemq": 5, "rabbitmq": 1}


def meter(inputs: Inputs) -> Metered:
    """Count the hours and GB of a month, and what Amazon MQ limits: brokers, connections and storage [GB].

    Follows https://aws.amazon.com/amazon-mq/pricing/ and the quotas of the Amazon MQ developer guide.

    >>> cluster = {"engine": "rabbitmq", "deployment": "multi_az", "cluster_instance_type": "mq.m5.large"}
    >>> meter(Inputs(cluster | {"storage_gb": 10, "brokers": 1, "broker_hours": 730})).usage
    {'rabbitmq_cluster_hours_mq_m5_large': 730, 'ebs_storage': 30}
    """
    hours = inputs.brokers * inputs.broker_hours
    # Each broker of a cluster keeps the messages; a pair shares one storage.
    copies = CLUSTER if inputs.engine == "rabbitmq" and inputs.deployment == "multi_az" else 1
    usage = {_hours_meter(inputs): hours, _storage_meter(inputs): inputs.brokers * inputs.storage_gb * copies}
    demand = {"mq_brokers": inputs.brokers}
    if inputs.engine == "activemq":
        demand |= _activemq_demand(inputs)
    return Metered(usage=usage, demand=demand)


def _hours_meter(inputs: Inputs) -> str:
    if inputs.engine == "activemq":
        family = "activemq_hours" if inputs.deployment == "single_instance" else "activemq_pair_hours"
        return family_member(family, inputs.instance_type)
    if inputs.deployment == "single_instance":
        return family_member("rabbitmq_hours", inputs.rabbitmq_instance_type)
    return family_member("rabbitmq_cluster_hours", inputs.cluster_instance_type)


def _storage_meter(inputs: Inputs) -> str:
    if inputs.engine == "rabbitmq":
        return "ebs_storage"
    single = inputs.deployment == "single_instance"
    return "ebs_storage" if single and inputs.storage_type == "ebs" else "efs_storage"


def _activemq_demand(inputs: Inputs) -> dict[str, Number]:
    micro = inputs.instance_type.endswith(".micro")
    demand = {"mq_storage_micro" if micro else "mq_storage": inputs.storage_gb}
    if inputs.connections is not None:
        demand["mq_connections_micro" if micro else "mq_connections_large"] = inputs.connections
    return demand


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a message becomes: a share of the batch that a consumer of the mapping gathers, for each attempt.

    Follows https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html, which says how many run at one time.
    """
    return polled(inputs, connection, target, inputs.message_kb, per_s / AT_ONE_TIME[inputs.engine])
