"""What a notice says, in our words. Pure.

A `NoticeView` holds what one release says, or what several put together say; nothing is guessed and no currency is
converted. `data` everywhere is a release that the schemas have read: dates are dates, amounts are decimals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from mystery_shopper.notices.references import shown_number

Data = Mapping[str, Any]
LONDON = ZoneInfo("Europe/London")
STAGES = ("planning", "tender", "awards", "contracts")


class Dialect(StrEnum):
    """Which service published a notice: each fills in other fields."""

    FIND_A_TENDER = "find-a-tender"
    CONTRACTS_FINDER = "contracts-finder"
    PUBLIC_CONTRACTS_SCOTLAND = "public-contracts-scotland"
    SELL2WALES = "sell2wales"
    OTHER = "other"


DIALECT_NAMES = {
    Dialect.FIND_A_TENDER: "Find a Tender",
    Dialect.CONTRACTS_FINDER: "Contracts Finder",
    Dialect.PUBLIC_CONTRACTS_SCOTLAND: "Public Contracts Scotland",
    Dialect.SELL2WALES: "Sell2Wales",
    Dialect.OTHER: "Another service",
}
_PREFIXES = {
    "ocds-h6vhtk": Dialect.FIND_A_TENDER,
    "ocds-b5fd17": Dialect.CONTRACTS_FINDER,
    "ocds-r6ebe6": Dialect.PUBLIC_CONTRACTS_SCOTLAND,
    "ocds-kuma6s": Dialect.SELL2WALES,
}


@dataclass(frozen=True, kw_only=True)
class Money:
    """An amount as the notice gives it. `amount` is without VAT where the notice tells the two apart."""

    amount: Decimal | None = None
    gross: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class Span:
    """How long something runs, in the ways the notice says it."""

    start: date | None = None
    end: date | None = None
    days: int | None = None
    months: int | None = None


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who buys. `ids` are written `SCHEME-number`; `classes` are what the notice calls the kind of body."""

    name: str = ""
    ids: tuple[str, ...] = ()
    address: str = ""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A lot."""

    id: str
    title: str = ""
    description: str = ""
    value: Money | None = None
    runs: Span = Span()
    renewal: str = ""


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """A change that the buyer announced."""

    on: date | None
    text: str


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """What a notice says. Empty or None: it does not say. Days are days in London."""

    ocid: str
    dialect: Dialect
    release_id: str
    number: str
    tags: tuple[str, ...]
    released_at: datetime
    notice_types: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    buyer: Buyer = Buyer()
    title: str = ""
    description: str = ""
    reference: str = ""
    status: str = ""
    value: Money | None = None
    minimum: Money | None = None
    published_on: date | None = None
    tender_deadline: datetime | None = None
    enquiry_deadline: datetime | None = None
    interest_deadline: datetime | None = None
    award_on: date | None = None
    award_published_on: date | None = None
    signed_on: date | None = None
    runs: Span = Span()
    method: str = ""
    procedure: str = ""
    direct_award_reason: str = ""
    accelerated: bool | None = None
    category: str = ""
    legal_basis: str = ""
    special_regime: tuple[str, ...] = ()
    above_threshold: bool | None = None
    lots: tuple[Lot, ...] | None = None
    lots_per_bidder: int | None = None
    no_lots_reason: str = ""
    framework: bool | None = None
    open_framework: bool | None = None
    framework_suppliers: int | None = None
    dynamic_system: bool | None = None
    for_small: bool | None = None
    for_voluntary: bool | None = None
    electronic: bool | None = None
    submission: str = ""
    conditions: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    award_value: Money | None = None
    amendments: tuple[Amendment, ...] = ()


def dialect_of(ocid: str) -> Dialect:
    """Return the service that published a procurement, by the prefix it was given."""
    return _PREFIXES.get(ocid[:11].casefold(), Dialect.OTHER)


def london_day(moment: datetime | None) -> date | None:
    """Return the day a moment has in London."""
    return moment.astimezone(LONDON).date() if moment is not None else None


def read_view(data: Data) -> NoticeView:
    """Return what a release says."""
    tender, awards, contracts = data.get("tender", {}), data.get("awards", []), data.get("contracts", [])
    release_id = data.get("id", "")
    documents = list(_documents(data))
    return NoticeView(
        ocid=data["ocid"],
        dialect=dialect_of(data["ocid"]),
        release_id=release_id,
        number=shown_number(release_id, data["ocid"]),
        tags=tuple(data["tag"]),
        released_at=data["date"],
        notice_types=_distinct(document.get("noticeType", "") for document in documents),
        numbers=_distinct(one["id"] for one in documents if "id" in one and _is_notice(one)),
        buyer=_buyer(data),
        title=tender.get("title", "") or data.get("title", ""),
        description=tender.get("description", ""),
        reference=tender.get("id", ""),
        status=tender.get("status", ""),
        amendments=tuple(_amendments(tender, contracts)),
        suppliers=_distinct(one.get("name", "") for award in awards for one in award.get("suppliers", [])),
        **_worth(tender, awards),
        **_dates(data, tender, awards, contracts),
        **_ways(tender),
        **_division(tender),
        **_openings(tender),
    )


def _worth(tender: Data, awards: Sequence[Data]) -> dict[str, Any]:
    return {
        "value": _money(tender.get("value")),
        "minimum": _money(tender.get("minValue")),
        "award_value": _money(awards[0].get("value")) if len(awards) == 1 else None,
    }


def _dates(data: Data, tender: Data, awards: Sequence[Data], contracts: Sequence[Data]) -> dict[str, Any]:
    award, contract = (awards or [{}])[0], (contracts or [{}])[0]
    periods = (contract.get("period"), award.get("contractPeriod"), tender.get("contractPeriod"))
    period = next((one for one in periods if one), _shared_period(tender.get("lots", [])))
    return {
        "published_on": london_day(_published_at(data, tender)),
        "tender_deadline": tender.get("tenderPeriod", {}).get("endDate"),
        "enquiry_deadline": tender.get("enquiryPeriod", {}).get("endDate"),
        "interest_deadline": tender.get("expressionOfInterestDeadline"),
        "award_on": london_day(award.get("date")),
        "award_published_on": london_day(_award_published_at(data, award)),
        "signed_on": london_day(contract.get("dateSigned")),
        "runs": _span(period),
    }


def _published_at(data: Data, tender: Data) -> datetime | None:
    """Return when the invitation to tender was first published, None when the release does not say.

    The date of a release is that of its own notice: an amendment or an award says nothing of the day of the invitation.
    """
    if "datePublished" in tender:
        return tender["datePublished"]  # type: ignore[no-any-return]
    if "tender" not in data["tag"]:
        return None
    dated = [one["datePublished"] for one in tender.get("documents", []) if "datePublished" in one and _is_notice(one)]
    if dated:
        return min(dated)  # type: ignore[no-any-return]
    return data["date"] if set(data["tag"]) == {"tender"} else None


def _award_published_at(data: Data, award: Data) -> datetime | None:
    if "datePublished" in award:
        return award["datePublished"]  # type: ignore[no-any-return]
    dated = [one["datePublished"] for one in award.get("documents", []) if "datePublished" in one and _is_notice(one)]
    if dated:
        return min(dated)  # type: ignore[no-any-return]
    return data["date"] if set(data["tag"]) == {"award"} else None


def _shared_period(lots: Sequence[Data]) -> Data | None:
    """Return the period of all lots when they have the same one."""
    periods = [lot.get("contractPeriod") for lot in lots]
    return periods[0] if periods and all(one == periods[0] for one in periods) else None


def _span(period: Data | None) -> Span:
    given = period or {}
    return Span(
        start=london_day(given.get("startDate")),
        end=london_day(given.get("endDate")),
        days=given.get("durationInDays"),
        months=given.get("durationInMonths"),
    )


def _money(value: Data | None) -> Money | None:
    if not value or ("amount" not in value and "amountGross" not in value):
        return None
    return Money(amount=value.get("amount"), gross=value.get("amountGross"), currency=value.get("currency", ""))


def _ways(tender: Data) -> dict[str, Any]:
    procedure, basis = tender.get("procedure", {}), tender.get("legalBasis", {})
    return {
        "method": tender.get("procurementMethod", ""),
        "procedure": tender.get("procurementMethodDetails", "").strip(" -"),
        "direct_award_reason": tender.get("procurementMethodRationale", ""),
        "accelerated": procedure.get("isAccelerated"),
        "category": tender.get("mainProcurementCategory", ""),
        "legal_basis": " ".join(basis[key] for key in ("scheme", "id") if key in basis),
        "special_regime": tuple(tender.get("specialRegime", ())),
        "above_threshold": tender.get("aboveThreshold"),
    }


def _division(tender: Data) -> dict[str, Any]:
    lots, details = tender.get("lots"), tender.get("lotDetails", {})
    return {
        "lots": tuple(_lot(lot, place) for place, lot in enumerate(lots, start=1)) if lots else None,
        "lots_per_bidder": details.get("maximumLotsBidPerSupplier"),
        "no_lots_reason": details.get("noLotsDivisionRationale", ""),
    }


def _lot(lot: Data, place: int) -> Lot:
    return Lot(
        id=lot.get("id", str(place)),
        title=lot.get("title", ""),
        description=lot.get("description", ""),
        value=_money(lot.get("value")),
        runs=_span(lot.get("contractPeriod")),
        renewal=lot.get("renewal", {}).get("description", ""),
    )


def _openings(tender: Data) -> dict[str, Any]:
    techniques, suits = tender.get("techniques", {}), tender.get("suitability", {})
    framework = techniques.get("frameworkAgreement", {})
    return {
        "framework": techniques.get("hasFrameworkAgreement"),
        "open_framework": framework.get("isOpenFrameworkScheme"),
        "framework_suppliers": framework.get("maximumParticipants"),
        "dynamic_system": techniques.get("hasDynamicPurchasingSystem"),
        "for_small": suits.get("sme"),
        "for_voluntary": suits.get("vcse"),
        "electronic": _electronic(tender),
        "submission": tender.get("submissionMethodDetails", ""),
        "conditions": tuple(_conditions(tender)),
    }


def _electronic(tender: Data) -> bool | None:
    policy = tender.get("submissionTerms", {}).get("electronicSubmissionPolicy")
    if policy in ("allowed", "required", "notAllowed"):
        return bool(policy != "notAllowed")
    return True if "electronicSubmission" in tender.get("submissionMethod", ()) else None


def _conditions(tender: Data) -> Iterable[str]:
    owners = (tender, *tender.get("lots", ()))
    for criterion in (one for owner in owners for one in owner.get("selectionCriteria", {}).get("criteria", ())):
        said = " ".join(criterion[key] for key in ("description", "minimum") if key in criterion)
        kind = criterion.get("type", "")
        if said:
            yield f"{kind.capitalize()}: {said}" if kind else said


def _buyer(data: Data) -> Buyer:
    named, parties = data.get("buyer", {}), data.get("parties", [])
    own = next((one for one in parties if "id" in named and one.get("id") == named["id"]), None)
    party: Data = own or next((one for one in parties if "buyer" in one.get("roles", ())), {})
    registered = [party.get("identifier", {}), *party.get("additionalIdentifiers", ())]
    address = party.get("address", {})
    parts = ("streetAddress", "locality", "postalCode", "countryName")
    return Buyer(
        name=named.get("name") or party.get("name", ""),
        ids=_distinct(f"{one['scheme']}-{one['id']}" for one in registered if "scheme" in one and "id" in one),
        address=", ".join(address[key] for key in parts if key in address),
        classes=_distinct(
            one.get("description") or one.get("id", "") for one in party.get("details", {}).get("classifications", ())
        ),
    )


def _documents(data: Data) -> Iterable[Data]:
    for stage in STAGES:
        part = data.get(stage, {})
        for one in part if isinstance(part, list) else [part]:
            yield from one.get("documents", ())


def _is_notice(document: Data) -> bool:
    return "noticeType" in document or document.get("documentType", "").endswith("Notice")


def _amendments(tender: Data, contracts: Sequence[Data]) -> Iterable[Amendment]:
    for one in (*tender.get("amendments", ()), *(a for contract in contracts for a in contract.get("amendments", ()))):
        text = ". ".join(one[key] for key in ("description", "rationale") if key in one)
        yield Amendment(on=london_day(one.get("date")), text=text or "No words given")


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
