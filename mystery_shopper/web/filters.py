"""How values are written on pages: dates, times, money, plurals. Also where templates find the GOV.UK components."""

from datetime import date, datetime

from flask import Flask
from jinja2 import BaseLoader, ChoiceLoader

from config import Config
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.clock import LONDON
from mystery_shopper.core.forms.numbers import write_pounds
from mystery_shopper.core.forms.widgets import component_loader
from mystery_shopper.core.languages import _

CODE_GROUP = 4


def format_date(value: date | datetime | None) -> str:
    """Return a date as GOV.UK writes it (1 June 2025); of a moment, the date in London; nothing for None."""
    if value is None:
        return ""
    return format_day(value.astimezone(LONDON).date() if isinstance(value, datetime) else value)


def format_time(value: datetime) -> str:
    """Return the London time of a moment as GOV.UK writes it: 5:30pm, 10am, midday, midnight."""
    local = value.astimezone(LONDON)
    if local.minute == 0 and local.hour in (0, 12):
        return str(_("midday") if local.hour else _("midnight"))
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def format_datetime(value: datetime | None) -> str:
    """Return date and London time of a moment: 1 June 2025 at 5:30pm; nothing for None."""
    return "" if value is None else _("{day} at {time}", day=format_date(value), time=format_time(value))


def format_money(pence: int | None) -> str:
    """Return an amount in pence as pounds: £1,200,000, £12.50, -£5; nothing for None."""
    if pence is None:
        return ""
    return f"{'-' if pence < 0 else ''}£{write_pounds(abs(pence))}"


def format_pounds(pounds: int | None) -> str:
    """Return an amount in whole pounds: £1,200,000; nothing for None."""
    return "" if pounds is None else format_money(pounds * 100)


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: 1 case, 2 cases, 1,200 cases; `many` for irregular nouns."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def group_code(code: str) -> list[str]:
    """Return a code in the groups people copy it in, as written with hyphens or else by fours."""
    if "-" in code:
        return code.split("-")
    return [code[start : start + CODE_GROUP] for start in range(0, len(code), CODE_GROUP)]


def words(value: str) -> str:
    """Return a stored kebab-case value as words: ready-to-publish -> Ready to publish."""
    text = str(value).replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]


FILTERS = {
    "date": format_date,
    "datetime": format_datetime,
    "time": format_time,
    "money": format_money,
    "pounds": format_pounds,
    "plural": plural,
    "group_code": group_code,
    "words": words,
}


def init_app(app: Flask, settings: Config) -> None:
    """Give the templates the filters, the settings they may show, and the GOV.UK components."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(service_name=settings.service_name, is_demo=settings.demo)
    own = app.jinja_loader
    loaders: list[BaseLoader] = [own] if own else []
    app.jinja_loader = ChoiceLoader([*loaders, component_loader()])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
