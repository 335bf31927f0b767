"""What the disclosure gate looks for on a case beside who the reporters are: their files, what they bid, listed words.

What everybody can read anyway is no trace: the title of the procurement in the name of a file, and an amount that is a
confirmed fact of the case or stands in its notice. Notices are of a feature above, which registers them here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.cases.models import Case, Direction, Message, Report
from mystery_shopper.cases.queries import find_identity, list_facts, list_reports_ever
from mystery_shopper.cases.words import words_of
from mystery_shopper.core.db import db
from mystery_shopper.core.vault import DataKey
from mystery_shopper.disclosure.amounts import LEAST, amount_of, figures_of, is_telling
from mystery_shopper.disclosure.own_bids import own_bids
from mystery_shopper.disclosure.policy import scan
from mystery_shopper.disclosure.terms import IdentityDetails, build_terms
from mystery_shopper.evidence.queries import list_files_of
from mystery_shopper.facts.definitions import FactType
from mystery_shopper.facts.policy import FactValueError, from_json
from mystery_shopper.facts.registry import registry

PENCE = 100
IS_PUBLIC = "It is a confirmed fact of the case, or in the notice"
IS_SMALL = f"It is less than £{LEAST:,}"
IS_ROUND = "It is too round: a bond or a value can be the same"


@dataclass(frozen=True)
class PublicMatter:
    """What a feature knows that is public about a case: titles of the procurement, and amounts in whole pounds."""

    titles: Callable[[Case], Iterable[str]]
    amounts: Callable[[Case], Iterable[int]]


_public: dict[str, PublicMatter] = {}


def register_public(key: str, matter: PublicMatter) -> None:
    """Tell the gate what is public about a case; the same key again replaces it."""
    _public[key] = matter


@dataclass(frozen=True)
class LookedFor:
    """What is looked for. `left_out` are amounts that reporters bid and that are not, each with the reason."""

    file_names: tuple[str, ...] = ()
    bids: frozenset[int] = frozenset()
    left_out: Mapping[int, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    titles: str = ""
    public_amounts: frozenset[int] = frozenset()

    @property
    def details(self) -> IdentityDetails:
        """Return it as the gate takes it. A listed word that is an amount is found however it is written."""
        listed = {word: amount_of(word) for word in self.words}
        asked = (figures_of(amount) for amount in listed.values() if amount is not None)
        heard = (figures_of(amount, self.public_amounts) for amount in self.bids)
        return IdentityDetails(
            extra_words=tuple(word for word, amount in listed.items() if amount is None),
            file_names=self.file_names,
            bid_values=frozenset().union(*asked, *heard),
        )


def look_for(case: Case, *, to: Report | None = None, is_here: bool = False) -> LookedFor:
    """Return what is looked for in the texts of a case.

    `to` is the report whose reporter alone will read the text. Their files and their bid are no secret from them, nor
    is a listed word that they wrote themselves. `is_here`: without what reports brought that have left the case, which
    is another team's to read.
    """
    reports, words = list_reports_ever(case), words_of(case)
    if is_here:
        reports = [report for report in reports if report.case_id == case.id]
    others = [report for report in reports if to is None or report.id != to.id]
    written = _written_by(reports)
    names = tuple(str(file.details["name"]) for file in list_files_of([one.id for one in others])) if others else ()
    bids = frozenset().union(*(own_bids(written[report.id]) for report in others))
    public = _public_amounts(case) if bids else frozenset()
    left_out = {amount: reason for amount in bids if (reason := _why_left_out(amount, public))}
    known = _known_to(to, written.get(to.id, "")) if to is not None and words else ""
    return LookedFor(
        file_names=names,
        bids=bids - left_out.keys(),
        left_out=left_out,
        words=tuple(word for word in words if not known or not _stands_in(known, word)),
        titles="\n".join(_public_titles(case)) if names else "",
        public_amounts=public,
    )


def _why_left_out(amount: int, public: frozenset[int]) -> str:
    if amount in public:
        return IS_PUBLIC
    if is_telling(amount):
        return ""
    return IS_SMALL if amount < LEAST else IS_ROUND


def _written_by(reports: Sequence[Report]) -> dict[UUID, str]:
    """Return what each reporter wrote in their own words: in the report, and in messages since."""
    if not reports:
        return {}
    written = {report.id: [*_own_words(report)] for report in reports}
    rows = db.session.execute(
        select(Message, DataKey)
        .join(Case, Case.id == Message.case_id)
        .join(DataKey, DataKey.id == Case.data_key_id)
        .where(Message.report_id.in_(written), Message.direction == Direction.FROM_REPORTER)
        .order_by(Message.sent_at, Message.id)
    )
    for message, key in rows:
        written[message.report_id].append(message.body(key))
    return {report_id: "\n\n".join(texts) for report_id, texts in written.items()}


def _own_words(report: Report) -> Iterator[str]:
    content = report.content
    yield from (content.narrative, content.requirement, content.raised_with_buyer, content.buyer_answer)
    yield from (answer for _, answer in content.scope_answers)


def _known_to(report: Report, written: str) -> str:
    """Return what a reporter told us themselves: their words, and who they are."""
    identity = find_identity(report)
    return "\n".join((written, *(str(value) for value in vars(identity).values()))) if identity else written


def _stands_in(text: str, word: str) -> bool:
    amount = amount_of(word)
    one = IdentityDetails(extra_words=(word,)) if amount is None else IdentityDetails(bid_values=figures_of(amount))
    return bool(scan(text, build_terms([one])))


def _public_titles(case: Case) -> Iterator[str]:
    yield case.title
    for matter in _public.values():
        yield from matter.titles(case)


def _public_amounts(case: Case) -> frozenset[int]:
    return frozenset(_stated_amounts(case)).union(*(matter.amounts(case) for matter in _public.values()))


def _stated_amounts(case: Case) -> Iterator[int]:
    for row in list_facts(case):
        definition = registry().get(row.fact_id)
        if definition is None or definition.type is not FactType.MONEY:
            continue
        try:
            pence = from_json(definition, row.value_json(case.data_key))
        except FactValueError:  # stated by a registry that has changed since
            continue
        if isinstance(pence, int):
            yield pence // PENCE
