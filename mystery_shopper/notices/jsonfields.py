"""The kinds of value the schemas read: each says in words what is wrong with a value that it refuses."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

LINE_MAX = 1_000
AMOUNT_MAX = 10**12
YEAR_MIN, YEAR_MAX = 1970, 2200
NO_LIMIT = 2**31 - 1
NO_DATE = "0001-01-01"
"""What a program writes that has no date to give."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Text(fields.Field[str]):
    """Text, cut of the spaces around it; "" counts as not given."""

    def __init__(self, maximum: int = LINE_MAX, **options: Any) -> None:
        super().__init__(**{"allow_none": True, **options})
        self.maximum = maximum

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("must be text")
        if len(value) > self.maximum:
            raise ValidationError(f"must be {self.maximum:,} characters or less")
        return value.strip()


class Moment(fields.Field[datetime | None]):
    """A date and time with its zone."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime | None:
        if not isinstance(value, str):
            raise ValidationError("must be a date and time as text")
        if value.startswith(NO_DATE):
            return None
        if not _MOMENT.fullmatch(value):
            raise ValidationError("must be a date and time with a zone, like 2026-04-10T10:50:13+01:00")
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise ValidationError("must be a real date and time") from None
        if not YEAR_MIN <= found.year <= YEAR_MAX:
            raise ValidationError(f"must be between {YEAR_MIN} and {YEAR_MAX}")
        return found


class Amount(fields.Field[Decimal]):
    """An amount of money: a number, not below zero."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise ValidationError("must be a number")
        if not 0 <= value <= AMOUNT_MAX:
            raise ValidationError(f"must be between 0 and {AMOUNT_MAX:,}")
        return Decimal(value)


class Whole(fields.Field[int]):
    """A whole number, not below zero."""

    def __init__(self, maximum: int) -> None:
        super().__init__(allow_none=True)
        self.maximum = maximum

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
            raise ValidationError("must be a whole number")
        if not 0 <= value <= self.maximum:
            raise ValidationError(f"must be between 0 and {self.maximum:,}")
        return int(value)


class Limit(Whole):
    """The most there may be of something. The largest number of a program stands for "no limit": not given."""

    def __init__(self) -> None:
        super().__init__(NO_LIMIT)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return None if is_number and value >= NO_LIMIT else super()._deserialize(value, attr, data, **kwargs)


class Truth(fields.Field[bool]):
    """True or false, as JSON writes them."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class Name(Text):
    """An id: text, or a whole number that is read as text."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        plain = isinstance(value, int) and not isinstance(value, bool)
        return super()._deserialize(str(value) if plain else value, attr, data, **kwargs)
