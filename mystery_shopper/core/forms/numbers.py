"""Numbers as people type them, read strictly: ASCII digits, no exponents, no guesses."""

import re
from decimal import Decimal
from typing import Any

from mystery_shopper.core.amounts import advice_on
from mystery_shopper.core.forms.fields import TextField
from mystery_shopper.core.languages import _

NUMBER_LENGTH_MAX = 30
INTEGER_MAX = 999_999_999
POUNDS_MAX = 1_000_000_000_000
PENCE = 100
_INTEGER = re.compile(r"[0-9]{1,9}")
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_POUNDS = re.compile(r"£?((?:[0-9]{1,3}(?:,[0-9]{3}){0,4})|[0-9]{1,13})(?:\.([0-9]{2}))?")


def read_pence(text: str) -> int | None:
    """Return an amount in pence from pounds as typed (£1,000, 1000, 1000.00), None when it is not one."""
    match = _POUNDS.fullmatch(text)
    if match is None:
        return None
    return int(match[1].replace(",", "")) * PENCE + int(match[2] or 0)


def write_pounds(pence: int) -> str:
    """Return an amount in pence (not negative) as pounds: 1,200,000 or 12.50, without the sign."""
    pounds, rest = divmod(pence, PENCE)
    return f"{pounds:,}.{rest:02}" if rest else f"{pounds:,}"


class NumberField(TextField):
    """Base of the number fields. `data` is a number, None when nothing was typed or it was wrong."""

    def __init__(self, label: str = "", *, width: str | int = 10, inputmode: str = "numeric", **options: Any) -> None:
        super().__init__(
            label, width=width, inputmode=inputmode, spellcheck=False, max_length=NUMBER_LENGTH_MAX, **options
        )

    def own_validators(self) -> tuple[Any, ...]:
        """Add nothing: the reader limits the length."""
        return ()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number.

        Raises:
            ValueError: what was typed is not such a number, or outside the limits.
        """
        try:
            super().process_formdata(valuelist)
        finally:
            text, self.data = self.data, None
        if text:
            self.data = self.read(text)

    def read(self, text: str) -> Any:
        """Return the number in a cleaned text that is not empty.

        Raises:
            ValueError: with the message for the person.
        """
        raise NotImplementedError

    def check_limits(self, value: Any, low: Any, high: Any, sign: str = "") -> None:
        """Refuse a number outside its limits (both included).

        Raises:
            ValueError: with the message for the person.
        """
        if low is not None and value < low:
            limit = f"{sign}{low:,}"
            raise ValueError(_("{name} must be {limit} or more", name=self.error_name, limit=limit))
        if value > high:
            limit = f"{sign}{high:,}"
            raise ValueError(_("{name} must be {limit} or less", name=self.error_name, limit=limit))


class IntegerField(NumberField):
    """A whole number of at most nine digits."""

    def __init__(self, label: str = "", *, low: int = 0, high: int = INTEGER_MAX, **options: Any) -> None:
        super().__init__(label, **options)
        self.low, self.high = low, high

    def read(self, text: str) -> int:
        """Return the whole number."""
        if not _INTEGER.fullmatch(text):
            raise ValueError(_("{name} must be a whole number, like 5", name=self.error_name))
        self.check_limits(int(text), self.low, self.high)
        return int(text)


class DecimalField(NumberField):
    """A number with at most two decimals. `data` is a `Decimal`."""

    def __init__(
        self, label: str = "", *, low: Decimal | int = 0, high: Decimal | int = INTEGER_MAX, **options: Any
    ) -> None:
        super().__init__(label, **{"inputmode": "decimal", **options})
        self.low, self.high = low, high

    def read(self, text: str) -> Decimal:
        """Return the number."""
        if not _DECIMAL.fullmatch(text):
            raise ValueError(_("{name} must be a number, like 5 or 2.5", name=self.error_name))
        self.check_limits(Decimal(text), self.low, self.high)
        return Decimal(text)


class MoneyField(NumberField):
    """An amount of money typed in pounds. `data` is whole pence. `high` and `low` are pounds."""

    def __init__(self, label: str = "", *, low: int = 0, high: int = POUNDS_MAX, **options: Any) -> None:
        super().__init__(label, **{"prefix": "£", "inputmode": "decimal", **options})
        self.low, self.high = low, high

    def read(self, text: str) -> int:
        """Return the amount in pence."""
        pence = read_pence(text.replace(" ", ""))
        if pence is None:
            raise ValueError(
                _("{name} must be an amount in pounds, like 1,500 or 1500.00", name=self.error_name) + advice_on(text)
            )
        self.check_limits(Decimal(pence) / PENCE, self.low, self.high, "£")
        return pence

    def written(self) -> str:
        """Return the stored amount in pounds."""
        return "" if self.data is None else write_pounds(self.data)
