"""Data keys: a service asks KMS for one and uses it for a while, for each of those who write and read."""

from pricing.formula.language import S_PER_HOUR, Constant, Number, minimum

# For how long SNS, Kinesis and DynamoDB use a data key, and SQS where nobody says otherwise.
REUSED = Constant(300, "s")


def data_key_calls(month_hours: Number, principals: int, most: Number, reuse_s: Number = REUSED) -> Number:
    """Calls of KMS in a month, by so many principals that each ask once while a data key lives; `most`: never more.

    SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html,
    SNS: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html,
    Kinesis: https://docs.aws.amazon.com/streams/latest/dev/costs-performance.html,
    DynamoDB: https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html

    >>> data_key_calls(730, 3, 1_000_000), data_key_calls(730, 3, 12)
    (26280.0, 12)
    """
    return minimum(principals * month_hours * S_PER_HOUR / reuse_s, most)
