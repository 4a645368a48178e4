"""Each line of a component's bill as a sum that a person can check."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from calculator.architecture import Architecture
from calculator.bill.bill import draw_up
from calculator.bill.line import Line
from calculator.bill.own_prices import discount_on
from calculator.bill.unpriced import Unpriced
from calculator.price_book import PriceBook
from calculator.traffic.propagate import propagate
from pricing.catalogue.catalogue import meter_named
from pricing.errors import NotFound
from pricing.formula.language import Number
from pricing.formula.reading import as_decimal, as_text
from pricing.formula.words import SUM_DIGITS, exact_money, exact_value, expression, money, quantity
from pricing.prices.pricelist import Allowance, Pool, Rate


def explain(architecture: Architecture, component: str) -> str:
    """Every line of one component: how AWS counts, what is free, which tiers, which share of the account's pool.

    Money is in USD a month. Raises NotFound for an unknown component, RateNotFound as `estimate` does.

    >>> from calculator import explain, parse
    >>> jobs = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [jobs]}
    >>> print(explain(parse(document), "jobs").splitlines()[2])
      15,000,000 requests - 1,000,000 free (account, always) = 14,000,000 requests
    """
    names = [known.name for known in architecture.components]
    if component not in names:
        raise NotFound(f"no component {component!r}; there are {', '.join(names)}")
    index = names.index(component)
    bill = draw_up(with_filled_inputs_stated(architecture), as_text)
    lines = [line for line in bill.lines if line.component == index]
    unpriced = [one for one in bill.unpriced if one.component == index]
    return "\n".join(
        [
            *_derived(architecture, index),
            *(row for line in lines for row in _explained(line, architecture)),
            *(row for one in unpriced for row in _not_priced(one)),
            _sum(component, [exact_value(line.cost) for line in lines], whole=not unpriced),
        ]
    )


def with_filled_inputs_stated(architecture: Architecture) -> Architecture:
    """The architecture with what its connections fill as if it were stated: their sum would be long beyond reading."""
    flow = propagate(architecture, as_decimal, as_decimal(architecture.month_hours, "month_hours", "hour/month"))
    components = (
        replace(component, inputs={**component.inputs, **{name: filled[name] for name in component.derived}})
        for component, filled in zip(architecture.components, flow.inputs, strict=True)
    )
    stated = tuple(replace(component, derived=frozenset()) for component in components)
    return replace(architecture, components=stated, connections=())


def _derived(architecture: Architecture, index: int) -> Iterator[str]:
    """The inputs of a component that its connections fill, and how they came about."""
    component = architecture.components[index]
    place = f"/hidden_lines/{component.name}" if component.hidden else f"/components/{index}"
    pointers = {f"{place}/{name}" for name in component.derived}
    for assumption in architecture.assumptions:
        if assumption.pointer in pointers and isinstance(assumption.value, float):
            yield f"{quantity(assumption.value, assumption.unit)}: {assumption.why}"


def _explained(line: Line, architecture: Architecture) -> Iterator[str]:
    pool = line.pool
    yield f"{pool.meter.title} ({pool.meter.full_name}, {pool.rate.region})"
    yield f"  {_equation(expression(line.usage), _amount(line.usage, pool.meter.unit))}"
    pooled = line.usage is not pool.usage
    if pooled:
        yield f"  {_pooled(line)}"
    if pool.allowance is not None:
        yield from (f"  {row}" for row in _free(pool, pool.allowance, architecture))
    yield from (f"  {row}" for row in _priced(pool))
    if pooled:
        share, cost = f"{_amount(line.usage)} / {_amount(pool.usage)}", exact_money(exact_value(line.list_cost))
        yield f"  its share: {exact_money(exact_value(pool.cost))} x {share} = {cost}"
    yield from (f"  {row}" for row in _own_price(line, architecture.account.price_book))
    yield f"  = {money(exact_value(line.cost))}"
    yield f"  {_price_since(pool.rate)}"


def _not_priced(one: Unpriced) -> Iterator[str]:
    meter = meter_named(one.meter)
    yield f"{meter.title} ({one.meter}, {one.region})"
    yield f"  {_equation(expression(one.amount), _amount(one.amount, meter.unit))}"
    yield f"  no price of it is known in {one.region}"


def _own_price(line: Line, book: PriceBook) -> Iterator[str]:
    """What the account's price book makes of the list price; nothing where it says nothing."""
    meter, due = line.pool.meter.full_name, exact_value(line.list_cost)
    if meter in book.rates:
        billed = exact_value(line.usage) * exact_value(line.pool.billable) / exact_value(line.pool.usage)
        due = billed * book.rates[meter]
        yield f"price book: {_shown(billed, line.pool.meter.unit)} x ${book.rates[meter]:f} = {exact_money(due)}"
    discount = discount_on(meter, book)
    if discount is not None:
        left = due * (100 - discount.percent) / 100
        percent = _shown(100 - discount.percent)
        told = f" ({discount.note})" if discount.note else ""
        yield f"price book: {exact_money(due)} x {percent} / 100 on {discount.on}{told} = {exact_money(left)}"
        due = left
    if due != exact_value(line.cost):
        covered = exact_money(due - exact_value(line.cost))
        yield f"commitments: {exact_money(due)} - {covered} covered = {exact_money(exact_value(line.cost))}"


def _pooled(line: Line) -> str:
    pool = line.pool
    others = exact_value(pool.usage) - exact_value(line.usage)
    total = _amount(pool.usage, pool.meter.unit)
    return f"the account in {pool.rate.region}: {_amount(line.usage)} + {_shown(others)} of other components = {total}"


def _free(pool: Pool, allowance: Allowance, architecture: Architecture) -> Iterator[str]:
    tier, unit = allowance.tier, pool.meter.unit
    if exact_value(allowance.left) < tier.quantity:
        used = min(tier.quantity, architecture.account.already_used[tier.full_name])
        left = f"{_shown(tier.quantity)} - {_shown(used)} already used = {_amount(allowance.left, unit)}"
        yield f"left of the free tier: {left}"
    free = exact_value(pool.usage) - exact_value(pool.billable)
    if allowance.shared:
        of_it = _shown(min(exact_value(allowance.left), exact_value(allowance.covered)))
        share = f"{of_it} x {_amount(pool.usage)} / {_amount(allowance.covered)}"
        yield f"part of the free tier that falls on this meter in {pool.rate.region}: {share} = {_shown(free, unit)}"
    kind = f"{tier.scope}, {tier.kind.replace('_', ' ')}"
    yield f"{_amount(pool.usage, unit)} - {_shown(free)} free ({kind}) = {_amount(pool.billable, unit)}"


def _priced(pool: Pool) -> Iterator[str]:
    """The tiers that the pool reaches, and their sum where there are several."""
    billable, bands = exact_value(pool.billable), pool.rate.bands
    costs = []
    for number, (above, upto, price) in enumerate(bands, 1):
        if billable > above or number == 1:
            inside = (billable if upto is None else min(billable, upto)) - above
            costs.append(inside * price)
            tier = f" (tier {number}, {_span(above, upto)})" if len(bands) > 1 else ""
            yield f"{_shown(inside, pool.meter.unit)} x ${price:f} = {exact_money(inside * price)}{tier}"
    if len(costs) > 1:
        yield _equation(" + ".join(map(exact_money, costs)), exact_money(sum(costs, Decimal(0))))


def _span(above: Decimal, upto: Decimal | None) -> str:
    return f"above {_shown(above)}" if upto is None else f"from {_shown(above)} to {_shown(upto)}"


def _price_since(rate: Rate) -> str:
    derived = " (derived: it is of a later day)" if rate.derived else ""
    return f"price known since {rate.effective}, checked {rate.checked}: {rate.source}{derived}"


def _sum(component: str, costs: Sequence[Decimal], *, whole: bool) -> str:
    total = sum(costs, Decimal(0))
    least = "" if whole else "at least "
    if not costs:
        return (
            f"{component}: uses nothing that {'AWS bills' if whole else 'has a price'}: {least}{money(total)} a month"
        )
    added = f"{' + '.join(map(exact_money, costs))} = {exact_money(total)}, " if len(costs) > 1 else ""
    return f"{component}: {added}{least}{money(total)} a month"


def _equation(left: str, right: str) -> str:
    return left if left == right else f"{left} = {right}"


def _amount(number: Number, unit: str = "") -> str:
    return _shown(exact_value(number), unit)


def _shown(number: Decimal, unit: str = "") -> str:
    return quantity(number, unit, digits=SUM_DIGITS)
