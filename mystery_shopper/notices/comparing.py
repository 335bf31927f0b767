"""A notice in plain words, field by field, and what differs between two of them. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.languages import _
from mystery_shopper.notices.policy import DIALECT_NAMES, LONDON, Lot, Money, NoticeView, Span

NOT_GIVEN = "Not given"
WHOLE_MAX = 300
"""Characters up to which a table of changes shows a text whole."""
CONTEXT = 60
PART_MAX = 600
_CATEGORIES = {"goods": "Goods", "services": "Services", "works": "Works"}
_TAGS = {
    "planning": "Planned procurement",
    "planningUpdate": "Change of a planned procurement",
    "tender": "Tender notice",
    "tenderUpdate": "Update of a tender notice",
    "tenderAmendment": "Change of a tender notice",
    "tenderCancellation": "Tender cancelled",
    "award": "Award notice",
    "awardUpdate": "Update of an award notice",
    "awardCancellation": "Award cancelled",
    "contract": "Contract notice",
    "contractUpdate": "Update of a contract notice",
    "contractAmendment": "Change of a contract",
    "contractTermination": "Contract ended",
    "compiled": "All notices together",
}
_STATUSES = {
    "planned": "Planned",
    "active": "Open",
    "cancelled": "Cancelled",
    "unsuccessful": "No award made",
    "complete": "Complete",
    "withdrawn": "Withdrawn",
}
_SYMBOLS = {"GBP": "£", "EUR": "€"}


@dataclass(frozen=True)
class Field:
    """One thing a notice says: a stable key, what it is called, and what it says in words."""

    key: str
    title: str
    text: str


@dataclass(frozen=True)
class Change:
    """A field that two notices give differently. "Not given" stands for a field one of them lacks."""

    key: str
    title: str
    old: str
    new: str

    @property
    def shown(self) -> tuple[str, str]:
        """Return old and new for a table: of long texts only the part that differs, with a few words around it."""
        if max(len(self.old), len(self.new)) <= WHOLE_MAX or NOT_GIVEN in (self.old, self.new):
            return _cut(self.old, 0), _cut(self.new, 0)
        start = _same(self.old, self.new)
        ends = _same(self.old[start:][::-1], self.new[start:][::-1])
        return _part(self.old, start, ends), _part(self.new, start, ends)


def _same(old: str, new: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(old), len(new)))


def _part(text: str, start: int, ends: int) -> str:
    """Return the part of a text that is its own, with the words around it."""
    first, last = max(0, start - CONTEXT), min(len(text), len(text) - ends + CONTEXT)
    return _cut(text[:last] + ("" if last == len(text) else "…"), first)


def _cut(text: str, first: int) -> str:
    part = ("…" if first else "") + text[first:]
    return part if len(part) <= PART_MAX else part[:PART_MAX] + "…"


def describe(view: NoticeView) -> tuple[Field, ...]:
    """Return everything a notice says that we read, in reading order. What it does not say is left out."""
    plain = (Field(key, title, write(view)) for key, (title, write) in _FIELDS.items())
    lots = (field for lot in view.lots or () for field in _lot_fields(lot))
    return tuple(field for field in (*plain, *lots, *_numbered(view)) if field.text)


def compare(old: NoticeView, new: NoticeView) -> tuple[Change, ...]:
    """Return what differs between two notices, in reading order. The identity of a release is no difference."""
    before, after = ({field.key: field for field in describe(view)} for view in (old, new))
    keys = dict.fromkeys((*after, *before))
    changed = (key for key in keys if _text(before, key) != _text(after, key))
    return tuple(
        Change(key, (after.get(key) or before[key]).title, _text(before, key), _text(after, key)) for key in changed
    )


def _text(fields: Mapping[str, Field], key: str) -> str:
    return fields[key].text if key in fields else NOT_GIVEN


def kind_of(tags: tuple[str, ...], notice_types: tuple[str, ...] = ()) -> str:
    """Return in words what kind of notice a release is."""
    words = ", ".join(_TAGS.get(tag, tag) for tag in tags)
    return f"{words} ({', '.join(notice_types)})" if notice_types else words


def service_name(view: NoticeView) -> str:
    """Return the name of the service that published a notice."""
    return DIALECT_NAMES[view.dialect]


def money_words(money: Money | None) -> str:
    """Return an amount in words, without VAT and with it where the notice tells them apart."""
    if money is None:
        return ""
    parts = [_amount(money.amount, money.currency)] if money.amount is not None else []
    if money.gross is not None:
        parts.append(f"{_amount(money.gross, money.currency)} with VAT")
    return ", ".join(parts)


def _amount(amount: Decimal, currency: str) -> str:
    whole = amount == amount.to_integral_value()
    digits = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
    if currency in _SYMBOLS:
        return f"{_SYMBOLS[currency]}{digits}"
    return f"{digits} {currency}" if currency else f"{digits} (no currency given)"


def moment_words(moment: datetime | None) -> str:
    """Return a moment in words, as the clock shows it in London."""
    if moment is None:
        return ""
    local = moment.astimezone(LONDON)
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{format_day(local.date())} at {hour}{minutes}{'am' if local.hour < 12 else 'pm'}"


def _day(value: date | None) -> str:
    return format_day(value) if value is not None else ""


def _truth(value: bool | None) -> str:
    return "" if value is None else ("Yes" if value else "No")


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def span_words(runs: Span) -> str:
    """Return in words how long something runs."""
    parts = []
    if runs.start is not None:
        parts.append(f"from {format_day(runs.start)}")
    if runs.end is not None:
        parts.append(f"to {format_day(runs.end)}")
    if runs.months is not None:
        parts.append(f"{runs.months} months")
    if runs.days is not None:
        parts.append(f"{runs.days} days")
    text = " ".join(parts[:2]) if len(parts) == 2 and runs.end is not None else ", ".join(parts)
    return text[:1].upper() + text[1:]


_FIELDS: Mapping[str, tuple[str, Callable[[NoticeView], str]]] = {
    "title": (_("Title"), lambda view: view.title),
    "buyer": (_("Buyer"), lambda view: view.buyer.name),
    "buyer-ids": ("Numbers of the buyer", lambda view: ", ".join(view.buyer.ids)),
    "buyer-classes": ("Kind of buyer", lambda view: ", ".join(view.buyer.classes)),
    "buyer-address": ("Address of the buyer", lambda view: view.buyer.address),
    "status": ("Status", lambda view: _STATUSES.get(view.status, view.status)),
    "value": (_("Value"), lambda view: money_words(view.value)),
    "minimum": ("Least value", lambda view: money_words(view.minimum)),
    "published": (_("Tender published"), lambda view: _day(view.published_on)),
    "deadline": (_("Deadline for tenders or requests to take part"), lambda view: moment_words(view.tender_deadline)),
    "enquiries": ("Deadline for questions", lambda view: moment_words(view.enquiry_deadline)),
    "interest": ("Deadline to express interest", lambda view: moment_words(view.interest_deadline)),
    "runs": (_("Contract runs"), lambda view: span_words(view.runs)),
    "award": (_("Date of the award"), lambda view: _day(view.award_on)),
    "award-published": ("Award published", lambda view: _day(view.award_published_on)),
    "award-value": ("Value of the award", lambda view: money_words(view.award_value)),
    "suppliers": ("Awarded to", lambda view: ", ".join(view.suppliers)),
    "signed": ("Contract signed", lambda view: _day(view.signed_on)),
    "procedure": (_("Procedure"), lambda view: view.procedure or view.method),
    "accelerated": ("Accelerated", lambda view: _truth(view.accelerated)),
    "direct-award": ("Reason for the choice of procedure", lambda view: view.direct_award_reason),
    "category": ("What is bought", lambda view: _CATEGORIES.get(view.category, view.category)),
    "above-threshold": ("Above the threshold", lambda view: _truth(view.above_threshold)),
    "legal-basis": ("Legal basis", lambda view: view.legal_basis),
    "regime": ("Special regime", lambda view: ", ".join(view.special_regime)),
    "framework": ("Framework agreement", lambda view: _truth(view.framework)),
    "framework-open": ("Open framework", lambda view: _truth(view.open_framework)),
    "framework-suppliers": ("Most suppliers on the framework", lambda view: _count(view.framework_suppliers)),
    "dynamic": ("Dynamic purchasing system", lambda view: _truth(view.dynamic_system)),
    "small": ("Suitable for small businesses", lambda view: _truth(view.for_small)),
    "voluntary": ("Suitable for voluntary organisations", lambda view: _truth(view.for_voluntary)),
    "electronic": ("Tenders sent electronically", lambda view: _truth(view.electronic)),
    "submission": ("How tenders are sent", lambda view: view.submission),
    "lots": ("Lots", lambda view: _count(len(view.lots)) if view.lots else ""),
    "lots-per-bidder": ("Most lots for one bidder", lambda view: _count(view.lots_per_bidder)),
    "no-lots": ("Reason for not using lots", lambda view: view.no_lots_reason),
    "reference": ("Reference of the buyer", lambda view: view.reference if view.reference != view.ocid else ""),
    "description": ("Description", lambda view: view.description),
}


def _lot_fields(lot: Lot) -> Iterator[Field]:
    for name, title, text in (
        ("title", "title", lot.title),
        ("value", "value", money_words(lot.value)),
        ("runs", "contract runs", span_words(lot.runs)),
        ("renewal", "renewal", lot.renewal),
        ("description", "description", lot.description),
    ):
        yield Field(f"lot:{lot.id}:{name}", f"Lot {lot.id}: {title}", text)


def _numbered(view: NoticeView) -> Iterator[Field]:
    for number, text in enumerate(view.conditions, start=1):
        yield Field(f"condition:{number}", f"Condition of taking part {number}", text)
    for number, amendment in enumerate(view.amendments, start=1):
        when = f"{_day(amendment.on)}: " if amendment.on else ""
        yield Field(f"amendment:{number}", f"Announced change {number}", f"{when}{amendment.text}")
