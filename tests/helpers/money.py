"""When two amounts of money are the same: floats have an error, and answers are rounded to ten decimals."""

from math import fsum

from calculator import estimate, parse

# Money and quantities leave the library with ten decimals.
ROUNDED = 0.6e-10
RELATIVE = 1e-12
# Of one type, and of all types together.
EXAMPLES = 60
MIXED_EXAMPLES = 150


def bill_of(document):
    return estimate(parse(document))


def gross(answer):
    """What all of it would cost with nothing free at the prices of the lowest tiers reached, or higher."""
    return fsum(max([line.cost, *(tier["price"] * line.usage for tier in line.tiers)]) for line in answer.line_items)


def slack(*answers):
    """How far two sums of money may lie apart that are the same in Decimal."""
    lines = sum(len(answer.line_items) for answer in answers)
    return max(map(gross, answers)) * RELATIVE + (1 + lines) * ROUNDED + 1e-6 * RELATIVE


def near(a, b, scale=0.0):
    return abs(a - b) <= RELATIVE * max(abs(a), abs(b), scale) + ROUNDED * 2
