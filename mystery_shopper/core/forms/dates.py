"""A date in three parts, as GOV.UK asks for it: any part may be missing, and the wrong part is named."""

import re
from datetime import date
from typing import Any, ClassVar

from wtforms.utils import unset_value

from mystery_shopper.core.calendar import MONTH_NAMES, format_day
from mystery_shopper.core.forms.fields import GovField
from mystery_shopper.core.forms.widgets import Params, shown
from mystery_shopper.core.languages import _

PARTS = ("day", "month", "year")
PART_MAX = 20
SHORTEST_MONTH = 3
PART_LABELS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
MISSING_PARTS = {
    ("day",): _("{name} must include a day"),
    ("month",): _("{name} must include a month"),
    ("year",): _("{name} must include a year"),
    ("day", "month"): _("{name} must include a day and month"),
    ("day", "year"): _("{name} must include a day and year"),
    ("month", "year"): _("{name} must include a month and year"),
}
EARLIEST = date(2009, 1, 1)
_ONE_OR_TWO_DIGITS = re.compile(r"[0-9]{1,2}")
_YEAR = re.compile(r"[0-9]{4}")


def read_day(text: str) -> int | None:
    """Return the day of the month a person typed, None when it cannot be one."""
    return int(text) if _ONE_OR_TWO_DIGITS.fullmatch(text) and 1 <= int(text) <= 31 else None


def read_month(text: str) -> int | None:
    """Return the month (1 to 12) a person typed as a number or a name, None when it cannot be one."""
    if _ONE_OR_TWO_DIGITS.fullmatch(text):
        return int(text) if 1 <= int(text) <= 12 else None
    word = text.lower()
    if len(word) < SHORTEST_MONTH:
        return None
    matches = {
        number
        for names in MONTH_NAMES.values()
        for number, name in enumerate(names, start=1)
        if name.lower().startswith(word)
    }
    return matches.pop() if len(matches) == 1 else None


def read_year(text: str) -> int | None:
    """Return the year of four digits a person typed, None when it is none."""
    return int(text) if _YEAR.fullmatch(text) and int(text) > 0 else None


READERS = {"day": read_day, "month": read_month, "year": read_year}


class DateField(GovField):
    """A date. `data` is a `date`, None when nothing was typed or it was wrong.

    `earliest` and `latest` are included; a view may set them on the form ("not after today").
    """

    component = "date-input"
    default_label_size: ClassVar[str] = "m"

    def __init__(
        self, label: str = "", *, earliest: date | None = EARLIEST, latest: date | None = None, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.earliest, self.latest = earliest, latest
        self.parts: dict[str, str] = dict.fromkeys(PARTS, "")
        self.wrong_parts: tuple[str, ...] = ()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the stored date, then the three parts the page sent."""
        super().process(None, data, extra_filters)
        self.wrong_parts = ()
        if formdata is None:
            self.parts = _split(self.data)
            return
        self.parts = {part: _part(formdata, f"{self.name}-{part}") for part in PARTS}
        self.raw_data = [" ".join(self.parts.values())] if any(self.parts.values()) else []
        self.data = None
        try:
            self.data = self._read()
        except ValueError as error:
            self.process_errors.append(str(error))

    def _read(self) -> date | None:
        if not any(self.parts.values()):
            return None
        missing = tuple(part for part in PARTS if not self.parts[part])
        if missing:
            self.wrong_parts = missing
            raise ValueError(_must_include(self.error_name, missing))
        numbers = {part: READERS[part](self.parts[part]) for part in PARTS}
        wrong = tuple(part for part in PARTS if numbers[part] is None)
        if wrong == ("year",):
            self.wrong_parts = wrong
            raise ValueError(_("Year must include 4 numbers"))
        try:
            if wrong:
                raise ValueError
            return date(numbers["year"] or 0, numbers["month"] or 0, numbers["day"] or 0)
        except ValueError:
            self.wrong_parts = wrong or PARTS
            raise ValueError(_("{name} must be a real date", name=self.error_name)) from None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse a date outside the limits, and mark all parts when it is the whole date that is wrong."""
        if self.errors and not self.wrong_parts:
            self.wrong_parts = PARTS
        if self.data is None or self.errors:
            return
        if self.earliest and self.data < self.earliest:
            self._refuse(_("{name} must be the same as or after {day}", **self._limit(self.earliest)))
        if self.latest and self.data > self.latest:
            self._refuse(_("{name} must be the same as or before {day}", **self._limit(self.latest)))

    def _limit(self, day: date) -> dict[str, str]:
        return {"name": self.error_name, "day": format_day(day)}

    def _refuse(self, message: str) -> None:
        self.wrong_parts = PARTS
        self.errors.append(message)

    @property
    def error_target(self) -> str:
        """Return the id of the first wrong part."""
        return f"{self.id}-{self.wrong_parts[0] if self.wrong_parts else 'day'}"

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        marked = self.wrong_parts if self.errors else ()
        items = [
            {
                "name": part,
                "label": str(PART_LABELS[part]),
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
                + (" govuk-input--error" if part in marked else ""),
                "value": shown(self.parts[part]),
            }
            for part in PARTS
        ]
        shared = {**self.common_params(), "namePrefix": self.name, "items": items}
        return {**shared, "fieldset": {"legend": self.title_params("govuk-fieldset__legend")}, **options}


def _part(formdata: Any, name: str) -> str:
    value = formdata.get(name, "")
    return value.strip()[:PART_MAX] if isinstance(value, str) else ""


def _split(day: object) -> dict[str, str]:
    if not isinstance(day, date):
        return dict.fromkeys(PARTS, "")
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def _must_include(name: str, missing: tuple[str, ...]) -> str:
    """Return what is said when one or two parts of a date are missing."""
    return _(MISSING_PARTS[missing], name=name)
