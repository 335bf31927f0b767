"""What is to be told: reports with the story of their cases, read from the data files or drawn by seed. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from mystery_shopper.cases.models import IdentityChoice, ReporterKind
from mystery_shopper.cases.states import CaseState

S = CaseState

MAIN_ROAD = (
    S.ACKNOWLEDGED, S.TRIAGE, S.ACCEPTED, S.AUTHORITY_CONTACTED, S.RESPONDED, S.ASSESSMENT, S.INTERVENTION,
    S.OUTCOME_RECORDED, S.SUPPLIER_TOLD, S.READY_TO_PUBLISH, S.PUBLISHED,
)  # fmt: skip
_TRIAGED = MAIN_ROAD[:2]
_NOTICE = (*MAIN_ROAD[:4], S.FORMAL_NOTICE)
_CHECKED = (*MAIN_ROAD, S.FOLLOW_UP_DUE)
ROADS: Mapping[CaseState, tuple[CaseState, ...]] = {
    S.OUT_OF_SCOPE: (*_TRIAGED, S.OUT_OF_SCOPE),
    S.REFERRED: (*_TRIAGED, S.REFERRED),
    S.MORE_INFORMATION: (*_TRIAGED, S.MORE_INFORMATION),
    S.CLOSED_NO_REPLY: (*_TRIAGED, S.MORE_INFORMATION, S.CLOSED_NO_REPLY),
    S.WITHDRAWN: (*MAIN_ROAD[:4], S.WITHDRAWN),
    S.FORMAL_NOTICE: _NOTICE,
    S.NON_COMPLIANT: (*_NOTICE, S.NON_COMPLIANT),
    S.WITHHELD: (*MAIN_ROAD[:9], S.WITHHELD),
    S.FOLLOW_UP_DUE: _CHECKED,
    S.IMPLEMENTED: (*_CHECKED, S.IMPLEMENTED),
    S.PARTLY_IMPLEMENTED: (*_CHECKED, S.PARTLY_IMPLEMENTED),
    S.NOT_IMPLEMENTED: (*_CHECKED, S.NOT_IMPLEMENTED),
    S.CLOSED: (*_CHECKED, S.IMPLEMENTED, S.CLOSED),
    S.REOPENED: (*_CHECKED, S.IMPLEMENTED, S.CLOSED, S.REOPENED),
}

LONGEST_STORY_DAYS = 400
PATIENCE_DAYS = 9
STILL_WAITING = frozenset(
    {S.MORE_INFORMATION, S.FORMAL_NOTICE, S.NON_COMPLIANT, S.REOPENED, S.OUT_OF_SCOPE, S.REFERRED, S.WITHDRAWN}
)
SHORTEST_DAYS_PER_STEP = 2
LONGEST_DAYS_PER_STEP = 11
ENDINGS = (
    (CaseState.CLOSED, 30),
    (CaseState.PUBLISHED, 14),
    (CaseState.FOLLOW_UP_DUE, 8),
    (CaseState.PARTLY_IMPLEMENTED, 4),
    (CaseState.NOT_IMPLEMENTED, 3),
    (CaseState.IMPLEMENTED, 5),
    (CaseState.WITHHELD, 4),
    (CaseState.OUT_OF_SCOPE, 6),
    (CaseState.REFERRED, 4),
    (CaseState.WITHDRAWN, 5),
    (CaseState.MORE_INFORMATION, 4),
    (CaseState.CLOSED_NO_REPLY, 4),
    (CaseState.REOPENED, 2),
    (CaseState.NON_COMPLIANT, 3),
    (CaseState.FORMAL_NOTICE, 4),
)
KINDS = (
    (ReporterKind.SMALL_BUSINESS, 12),
    (ReporterKind.SOCIAL_ENTERPRISE, 4),
    (ReporterKind.MUTUAL, 4),
    (ReporterKind.PROSPECTIVE_MUTUAL, 1),
    (ReporterKind.TRADE_BODY, 1),
)
CHOICES = ((IdentityChoice.CONFIDENTIAL, 6), (IdentityChoice.ANONYMOUS, 3), (IdentityChoice.NAMED, 2))


@dataclass(frozen=True, kw_only=True)
class Change:
    """The outcome of a story: code, finding, and the fact that got better (values as typed)."""

    code: str
    upheld: str
    positive: bool
    basis: str | None = None
    before: str | None = None
    after: str | None = None
    freed: str = "0"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One report and how far its case goes. `facts` are typed as a reporter types them; days are before today."""

    filed_days_ago: int
    kind: ReporterKind
    identity: IdentityChoice
    authority: str
    title: str
    requirement: str
    narrative: str
    facts: Mapping[str, str]
    until: CaseState
    authority_is_listed: bool = True
    raised: str = ""
    answer: str = ""
    closes_in_days: int | None = None
    started_on: date | None = None
    change: Change | None = None
    public: Mapping[str, str] = field(default_factory=dict)
    days_per_step: int = 5


def road_to(until: CaseState) -> tuple[CaseState, ...]:
    """Return the states a case passes on its way to `until`, without the first."""
    if until is S.RECEIVED:
        return ()
    if until in ROADS:
        return ROADS[until]
    return MAIN_ROAD[: MAIN_ROAD.index(until) + 1]


@cache
def read_data(name: str) -> Any:
    """Return a data file of the demonstration; dates in it stay text."""
    text = (files("mystery_shopper.demo") / "data" / name).read_text()
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - makes text only


def handwritten_plans() -> list[Plan]:
    """Return the reports written by hand."""
    return [_handwritten(row) for row in read_data("reports.yaml")]


def _handwritten(row: Mapping[str, Any]) -> Plan:
    until = CaseState(row["until"])
    return Plan(
        filed_days_ago=int(row["filed"]),
        kind=ReporterKind(row["kind"]),
        identity=IdentityChoice(row["identity"]),
        authority=row.get("authority") or row["authority_text"],
        authority_is_listed="authority" in row,
        title=row["title"],
        requirement=row["requirement"],
        narrative=row["narrative"],
        facts=row["facts"],
        raised=row.get("raised", ""),
        answer=row.get("answer", ""),
        closes_in_days=int(row["closes_in"]) if "closes_in" in row else None,
        started_on=date.fromisoformat(row["started"]) if "started" in row else None,
        until=until,
        change=_change(row["outcome"]) if "outcome" in row else None,
        public=row.get("public", {}),
        days_per_step=max(1, int(row["filed"]) // 14),
    )


def _change(row: Mapping[str, str]) -> Change:
    return Change(
        code=row["code"],
        upheld=row["upheld"],
        positive=row["positive"] == "true",
        basis=row.get("basis"),
        before=row.get("before"),
        after=row.get("after"),
        freed=row.get("freed", "0"),
    )


def drawn_plans(count: int, *, seed: int, today: date) -> list[Plan]:
    """Return `count` reports drawn by `seed`: the same seed and day give the same ones."""
    draw = random.Random(seed)  # noqa: S311 - demonstration data, not a secret
    authorities = [row["name"] for row in read_data("authorities.yaml")]
    return [_drawn(draw, authorities, today) for _ in range(count)]


def _drawn(draw: random.Random, authorities: Sequence[str], today: date) -> Plan:
    data = read_data("variations.yaml")
    pattern = draw.choice(data["patterns"])
    until = _weighted(draw, ENDINGS)
    pace = draw.randint(SHORTEST_DAYS_PER_STEP, LONGEST_DAYS_PER_STEP)
    days_ago = _days_ago(draw, until, pace)
    started = today - timedelta(days=days_ago + draw.randint(5, 40))
    words = _words(draw, pattern, today - timedelta(days=days_ago))
    facts = {name: text.format(**words) for name, text in pattern["facts"].items()}
    is_live = pattern["key"] not in {"late-payment", "feedback"} and days_ago < LONGEST_DAYS_PER_STEP * 3
    return Plan(
        filed_days_ago=days_ago,
        kind=_weighted(draw, KINDS),
        identity=_weighted(draw, CHOICES),
        authority=draw.choice(authorities),
        title=draw.choice(data["titles"]),
        requirement=pattern["requirement"].format(**words),
        narrative=pattern["narrative"],
        facts=facts,
        closes_in_days=draw.randint(1, 28) if is_live else None,
        started_on=started,
        until=until,
        change=_drawn_change(draw, pattern, words, facts),
        public=pattern["public"],
        days_per_step=pace,
    )


def _days_ago(draw: random.Random, until: CaseState, pace: int) -> int:
    """Draw when the report came: a case that still waits for somebody got there in the last days."""
    if until in STILL_WAITING:
        return len(road_to(until)) * pace + draw.randint(0, PATIENCE_DAYS)
    return draw.randint(0, LONGEST_STORY_DAYS)


def _words(draw: random.Random, pattern: Mapping[str, Any], filed_on: date) -> dict[str, str]:
    value = int(draw.choice(pattern["value"])) if "value" in pattern else draw.randint(8, 380) * 10_000
    ratio = float(draw.choice(pattern.get("amount", ["1"])))
    return {
        "value": f"{value:,}",
        "amount": f"{round(value * ratio, -3):,.0f}",
        "years": draw.choice(pattern.get("years", ["3"])),
        "invoice": (filed_on - timedelta(days=draw.randint(45, 120))).isoformat(),
        "raw_value": str(value),
    }


def _drawn_change(
    draw: random.Random, pattern: Mapping[str, Any], words: Mapping[str, str], facts: Mapping[str, str]
) -> Change:
    better = pattern.get("better")
    if better is None or draw.random() < 0.3:
        return Change(code="not-upheld", upheld="no", positive=False)
    basis = better["basis"]
    if "after_years" in better:
        after = draw.choice(better["after_years"])
    elif isinstance(better["after"], list):
        after = f"{round(int(words['raw_value']) * float(draw.choice(better['after'])), -3):,.0f}"
    else:
        after = better["after"]
    return Change(
        code="payment-released" if "freed" in better else "recommendation-accepted",
        upheld=draw.choice(["yes", "yes", "partly"]),
        positive=True,
        basis=basis,
        before=better.get("before") or facts.get(basis),
        after=after,
        freed=words["value"] if "freed" in better else "0",
    )


def _weighted(draw: random.Random, options: Sequence[tuple[Any, int]]) -> Any:
    return draw.choices([option for option, _ in options], [weight for _, weight in options])[0]
