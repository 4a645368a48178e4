"""The kinds of fields that queries, bodies and answers are made of."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

NUMBER_TEXT = re.compile(r"[0-9]{1,30}(\.0{1,30})?(e\+?[0-9]{1,2})?", re.ASCII | re.IGNORECASE)

DAY_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Described(Schema):
    """Exactly the fields described."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE


class WholeNumber(fields.Integer):
    """A whole number: in a body 3 or 3.0, but not 3.7, "3" or true; in a query (`text`) also "1e6"."""

    def __init__(self, *, text: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.text = text

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if self.text and isinstance(value, str) and NUMBER_TEXT.fullmatch(value):
            return int(Decimal(value))
        if self.text or isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
            raise ValidationError("expected a whole number")
        return int(value)


class Day(fields.Date):
    """A day, written 2026-09-01 and in no other way."""

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> date:
        if not isinstance(value, str) or not DAY_TEXT.fullmatch(value):
            raise ValidationError("expected a day such as 2026-09-01")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError("expected a day that there is") from None


class Money(fields.Float):
    """USD, not rounded: ten decimals."""


def text(about: str = "") -> fields.String:
    """A text."""
    return fields.String(required=True, metadata={"description": about} if about else {})


def number(about: str = "", **options: Any) -> fields.Float:
    """A number."""
    return fields.Float(required=True, metadata={"description": about} if about else {}, **options)


def whole(about: str = "") -> fields.Integer:
    """A whole number."""
    return fields.Integer(required=True, metadata={"description": about} if about else {})


def day(about: str = "") -> fields.Date:
    """A day."""
    return fields.Date(required=True, metadata={"description": about} if about else {})


def money(about: str) -> Money:
    """An amount of money; `about` says of what."""
    return Money(required=True, metadata={"description": f"{about} [USD]"})


def flag(about: str) -> fields.Boolean:
    """True or false."""
    return fields.Boolean(required=True, metadata={"description": about})


def many(schema: type[Described], about: str = "") -> fields.List[Any]:
    """A list of what a schema describes."""
    return fields.List(fields.Nested(schema), required=True, metadata={"description": about} if about else {})


def texts(about: str) -> fields.List[str]:
    """A list of texts."""
    return fields.List(fields.String(), required=True, metadata={"description": about})


def anything(about: str) -> fields.Raw:
    """Any value, or null."""
    return fields.Raw(required=True, allow_none=True, metadata={"description": about})


def one_of(*choices: str) -> fields.String:
    """One of these texts."""
    return fields.String(required=True, validate=validate.OneOf(choices))
