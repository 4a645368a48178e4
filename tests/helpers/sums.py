"""A calculator for what explanations show: it reads the printed numbers, does the printed sum, and knows no more."""

import re
from decimal import Decimal

# A number with its sign of money, and a unit behind it that does not count.
TOKEN = re.compile(
    r"\$?(?P<number>\d[\d,]*(?:\.\d+)?)|(?P<sign>[()+x/-])(?=[ ()$\d]|$)|(?P<word>rounded up|[^\s()]+)|\s+"
)


def value_of(text):
    """The value of a sum as it is printed: "3 requests x 2 (100 KB / 64 KB rounded up) + $0.50"."""
    tokens = [found for found in TOKEN.finditer(text) if found[0].strip()]
    value, rest = _added(_plain(tokens))
    assert not rest, text
    return value


def _plain(tokens):
    """Numbers, signs and brackets; a bracket that says "rounded up" tells how the number before it came about."""
    plain, opened = [], []
    for found in tokens:
        if found["number"]:
            plain.append(Decimal(found["number"].replace(",", "")))
        elif found["sign"] == "(":
            opened.append(len(plain))
            plain.append("(")
        elif found["sign"] == ")":
            if plain[-1] == "rounded up":
                _check_rounding(plain, opened.pop())
            else:
                opened.pop()
                plain.append(")")
        elif found["sign"]:
            plain.append(found["sign"])
        elif found["word"] == "rounded up":
            plain.append("rounded up")
    return plain


def _check_rounding(plain, start):
    inside, rest = _added(plain[start + 1 : -1])
    assert not rest
    rounded = plain[start - 1]
    assert inside < rounded < inside + 1, (inside, rounded)
    del plain[start:]


def _added(tokens):
    value, tokens = _multiplied(tokens)
    while tokens and tokens[0] in ("+", "-"):
        sign, (other, tokens) = tokens[0], _multiplied(tokens[1:])
        value = value + other if sign == "+" else value - other
    return value, tokens


def _multiplied(tokens):
    value, tokens = _one(tokens)
    while tokens and tokens[0] in ("x", "/"):
        sign, (other, tokens) = tokens[0], _one(tokens[1:])
        value = value * other if sign == "x" else value / other
    return value, tokens


def _one(tokens):
    if tokens[0] == "(":
        value, tokens = _added(tokens[1:])
        assert tokens[0] == ")"
        return value, tokens[1:]
    return tokens[0], tokens[1:]
