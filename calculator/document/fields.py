"""How a value of a document is read: numbers, choices, texts and days, each strictly, with what was expected."""

import re
from datetime import date
from functools import cache
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing

from calculator.document.faults import Intake, escape, shown

# Sums and products of quantities up to here keep all their digits that matter; nobody uses more.
MAX_QUANTITY = 1e15
# A quotient of quantities stays finite; nobody uses less, so less is nothing.
LEAST_QUANTITY = 1e-15

NAME_LENGTH = 100
NAME = re.compile(f"[^\x00-\x1f\x7f\ud800-\udfff]{{1,{NAME_LENGTH}}}")
_GROUPED = re.compile("[0-9]{1,20}(_[0-9]{1,20}){1,20}")
# The names of the metrics of AWS's price feeds have up to 711 characters.
LINE_LENGTH = 1000
LINE = re.compile(f"[^\x00-\x1f\x7f\ud800-\udfff]{{1,{LINE_LENGTH}}}")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Quantity(fields.Field[float]):
    """A finite number from `at_least` to `at_most`; "30_000_000" is one, because the grouping shows the intent."""

    default_error_messages = {"required": "missing", "null": "expected a number, not null"}  # noqa: RUF012

    def __init__(
        self, at_least: float = 0, at_most: float | None = None, *, allow_none: bool = False, required: bool = False
    ) -> None:
        super().__init__(allow_none=allow_none, required=required)
        self.at_least = at_least
        self.at_most = MAX_QUANTITY if at_most is None else at_most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        """A number; what varies from call to call stays what it is."""
        number = int(value) if isinstance(value, str) and _GROUPED.fullmatch(value) else value
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ValidationError(f"expected a number, not {shown(value)}")
        if not self.at_least <= number <= self.at_most:
            raise ValidationError(f"expected a number from {self.at_least:g} to {self.at_most:g}, not {shown(value)}")
        return 0 if abs(number) < LEAST_QUANTITY else number


class Choice(fields.Field[Any]):
    """One of the choices of an input, of its very type: true is not 1."""

    def __init__(self, choices: tuple[Any, ...]) -> None:
        names = (choice if isinstance(choice, str) else shown(choice) for choice in choices)
        self.expected = f"expected one of {', '.join(names)}"
        super().__init__(error_messages={"null": f"{self.expected}, not null"})
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str | int | float):
            for choice in self.choices:
                if choice == value and isinstance(choice, bool) == isinstance(value, bool):
                    return choice
        raise ValidationError(f"{self.expected}, not {shown(value)}")


class Text(fields.Field[str]):
    """A text of a pattern."""

    default_error_messages = {"required": "missing", "null": "expected a text, not null"}  # noqa: RUF012

    def __init__(self, pattern: re.Pattern[str], expected: str, *, required: bool = False) -> None:
        super().__init__(required=required)
        self.pattern = pattern
        self.expected = expected

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(f"expected a text, not {shown(value)}")
        if not self.pattern.fullmatch(value):
            raise ValidationError(f"expected {self.expected}, not {shown(value)}")
        return value


class Texts(Text):
    """A text, or a list of texts that become one with commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        each = value if isinstance(value, list) and value else [value]
        return ", ".join(super(Texts, self)._deserialize(one, attr, data, **kwargs) for one in each)


class Day(fields.Field[date]):
    """A day, written 2026-09-01."""

    default_error_messages = {"null": "expected a day such as 2026-09-01, not null"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            # The pattern, because date.fromisoformat reads weeks too.
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ValidationError(f"expected a day such as 2026-09-01, not {shown(value)}")


class Part(Schema):
    """Some keys of an object; what else stands there is told by `load`."""

    class Meta:
        """Unknown keys are not the schema's business."""

        unknown = EXCLUDE  # the intake tells them, in the document's order and by exact pointer


def load(intake: Intake, schema: Schema, stated: object, pointer: str) -> dict[str, Any]:
    """What is valid of an object; the intake learns what is not."""
    if not isinstance(stated, dict):
        intake.add_fault(pointer, f"expected an object, not {shown(stated)}")
        return {}
    for key in stated.keys() - schema.fields.keys():
        intake.add_fault(f"{pointer}/{escape(key)}", f"unknown key; expected {', '.join(schema.fields)}")
    valid: dict[str, Any] = {}
    # Only what is stated is looked at: a connection has some fifty settings, and says two of them.
    wanted = [key for key in stated if key in schema.fields]
    for key in [*wanted, *(key for key in _required(schema) if key not in stated)]:
        try:
            valid[key] = schema.fields[key].deserialize(stated.get(key, missing), key, stated)
        except ValidationError as error:
            intake.add_fault(f"{pointer}/{key}", str(error.messages[0]))
    return valid


@cache
def _required(schema: Schema) -> tuple[str, ...]:
    return tuple(name for name, one in schema.fields.items() if one.required)
