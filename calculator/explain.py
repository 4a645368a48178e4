"""Each line of a component's bill as a sum that a person can check."""

from collections.abc import Iterator
from decimal import Decimal

from calculator.architecture import Architecture
from calculator.bill import Line, draw_up
from calculator.estimate import source_text
from pricing.errors import NotFound
from pricing.formula import Number
from pricing.pricelist import Pool
from pricing.reading import as_text
from pricing.words import expression, money, quantity


def explain(architecture: Architecture, component: str) -> str:
    """Every line of one component: how AWS counts, what is free, which tiers, which share of the account's pool.

    Raises NotFound for an unknown component, RateNotFound as `estimate` does.

    >>> from calculator import explain, parse
    >>> jobs = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [jobs]}
    >>> print(explain(parse(document), "jobs").splitlines()[3])
      15,000,000 requests - 1,000,000 free (account, always) = 14,000,000 requests
    """
    names = [known.name for known in architecture.components]
    if component not in names:
        raise NotFound(f"no component {component!r}; there are {', '.join(names)}")
    bill = draw_up(architecture, as_text)
    lines = [line for line in bill.lines if names[line.component] == component]
    parts = [row for line in lines for row in _explained(line)]
    cost = sum((_value(line.cost) for line in lines), Decimal(0))
    return "\n".join([*parts, f"{component}: {money(cost)} a month"])


def _explained(line: Line) -> Iterator[str]:
    pool, unit = line.pool, line.pool.meter.unit
    yield f"{pool.meter.title} ({pool.meter.full_name}, {pool.rate.region})"
    yield from _steps(expression(line.usage), quantity(_value(line.usage), unit))
    shared = line.usage is not pool.usage
    if shared:
        yield f"  the account's {pool.rate.region} pool: {quantity(_value(pool.usage), unit)}"
    yield from _free(pool)
    for above, upto, price in pool.rate.bands:
        billable = _value(pool.billable)
        if billable > above:
            inside = (billable if upto is None else min(billable, upto)) - above
            tier = f"tier from {quantity(above)}" if len(pool.rate.bands) > 1 else "one tier"
            yield f"  {quantity(inside, unit)} x ${price:f} = {money(inside * price)} ({tier})"
    if shared:
        share = f"{quantity(_value(line.usage))} / {quantity(_value(pool.usage))}"
        yield f"  its share: {money(_value(pool.cost))} x {share} = {money(_value(line.cost))}"
    yield f"  price effective {pool.rate.effective}, checked {pool.rate.checked}: {source_text(pool.rate)}"
    yield f"  = {money(_value(line.cost))}"


def _steps(counted: str, usage: str) -> Iterator[str]:
    yield f"  {counted}" if counted == usage else f"  {counted} = {usage}"


def _free(pool: Pool) -> Iterator[str]:
    allowance = pool.allowance
    if allowance is None:
        return
    unit, usage, billable = pool.meter.unit, _value(pool.usage), _value(pool.billable)
    kind = f"{allowance.tier.scope}, {allowance.tier.kind.replace('_', ' ')}"
    if allowance.shared:
        covered, left = quantity(_value(allowance.covered), unit), quantity(_value(allowance.left))
        yield f"  the free {left} are shared by {covered} that they cover: {quantity(usage - billable)} here"
    yield (
        f"  {quantity(usage, unit)} - {quantity(usage - billable)} free ({kind}) = {quantity(billable, unit)}"
    )


def _value(number: Number) -> Decimal:
    """The exact value of a formula that was read as text; plain numbers are constants."""
    return Decimal(getattr(number, "value", number))
