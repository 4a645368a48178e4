"""The user's own line: an amount, or a quantity at a price of one's own."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the amount [USD] of a month that the user states.

    Follows no page of AWS: what is not in the catalogue is stated by who knows it (https://aws.amazon.com/pricing/).

    >>> meter(Inputs({"amount_usd": 10, "quantity": 1000, "unit_price_usd": 2})).usage
    {'amount': 2010}
    """
    return Metered(usage={"amount": inputs.amount_usd + inputs.quantity * inputs.unit_price_usd})
