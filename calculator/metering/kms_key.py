"""AWS KMS: keys and their first rotations by the month, and the calls that use them."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import minimum

# https://aws.amazon.com/kms/pricing/: the first and the second rotation add to a key's price, later ones do not.
BILLED_ROTATIONS = 2


def meter(inputs: Inputs) -> Metered:
    """Count the keys and calls of a month, and what KMS limits: calls of symmetric keys [request/s].

    Follows https://aws.amazon.com/kms/pricing/ and the KMS developer guide.

    >>> key = {"key_type": "symmetric", "keys": 2, "rotations": 1, "requests": 1000, "peak_rps": 1}
    >>> meter(Inputs(key | {"ecc_pairs": 0, "rsa_pairs": 0})).usage
    {'keys': 4, 'symmetric_requests': 1000, 'ecc_pairs': 0, 'rsa_pairs': 0}
    """
    if inputs.key_type != "symmetric":
        return Metered(usage={"keys": inputs.keys, f"{inputs.key_type}_requests": inputs.requests})
    return Metered(
        usage={
            "keys": inputs.keys * (1 + minimum(inputs.rotations, BILLED_ROTATIONS)),
            "symmetric_requests": inputs.requests,
            "ecc_pairs": inputs.ecc_pairs,
            "rsa_pairs": inputs.rsa_pairs,
        },
        demand={"kms_symmetric_rate": inputs.peak_rps},
    )
