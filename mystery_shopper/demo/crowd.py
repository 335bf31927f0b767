"""The crowd of a large demonstration: what is drawn for each case by seed and number, whatever the others are. Pure."""

import random
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from mystery_shopper.cases.models import Channel, IdentityChoice, ReporterKind
from mystery_shopper.cases.states import CaseState, WaitingFor, can_move, waiting_for
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.demo.plans import read_data

S = CaseState
DAYS_IN_YEAR = 365.25
FILE = "crowd.yaml"
NO_RATIO = ["1"]
JULY = 7
SENTENCES_MOST = 6
REPLIES_ONE_IN = 3


@dataclass(frozen=True)
class Scale:
    """How large a demonstration is: cases in all, and the people and years they are spread over."""

    reports: int
    owners: int
    authorities: int
    days: int


@dataclass(frozen=True)
class Step:
    """A step a case took: where to, and when."""

    old: CaseState
    new: CaseState
    on: date


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What happened to one case. `owner` and `authority` are places in a list, 0 the one with the most cases.

    `facts` are typed as a reporter types them; the dates among them are the first of a half year, so that cases share
    what the rules say of them.
    """

    number: int
    received_on: date
    steps: tuple[Step, ...]
    owner: int
    authority: int | None
    channel: Channel
    kind: ReporterKind
    identity: IdentityChoice
    language: str
    title: str
    requirement: str
    narrative: str
    facts: tuple[tuple[str, str], ...]
    closes_on: date | None
    has_reply: bool
    is_read: bool

    @property
    def state(self) -> CaseState:
        """Where the case stands."""
        return self.steps[-1].new if self.steps else S.RECEIVED

    @property
    def since(self) -> date:
        """When it came there."""
        return self.steps[-1].on if self.steps else self.received_on

    @property
    def has_owner(self) -> bool:
        """Tell whether somebody took it."""
        return any(step.new is S.ACKNOWLEDGED for step in self.steps)

    def passed(self, state: CaseState) -> date | None:
        """Return when the case first came to a state, None when it did not."""
        return next((step.on for step in self.steps if step.new is state), None)

    @property
    def waiting(self) -> WaitingFor:
        """Whose move it is."""
        return waiting_for(self.state)


def scale_of(reports: int) -> Scale:
    """Return how many people and years so many reports are spread over."""
    data = read_data(FILE)
    years, owners = data["years"], data["owners"]
    span = min(max(reports / float(years["reports_per_year"]), float(years["least"])), float(years["most"]))
    people = min(max(reports // int(owners["cases_each"]), int(owners["least"])), int(owners["most"]))
    return Scale(reports, people, int(data["authorities"]["count"]), round(span * DAYS_IN_YEAR))


def draw(number: int, *, seed: int, scale: Scale, today: date) -> Outline:
    """Return the case of this number, counted from 0: the same for the same seed, scale and day."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - demonstration data, not a secret
    data = read_data(FILE)
    received_on = _received_on(number, scale, today)
    pattern = chance.choice(read_data("variations.yaml")["patterns"])
    values = _values(chance, pattern, received_on)
    steps = tuple(_walk(chance, received_on, today))
    is_listed = chance.random() >= float(data["unlisted_authority"])
    is_live = pattern["key"] not in {"late-payment", "feedback"} and chance.random() < float(data["is_live"])
    started = _half_year(received_on - timedelta(days=chance.randint(5, 40)))
    facts = {name: text.format(**values) for name, text in pattern["facts"].items()}
    return Outline(
        number=number,
        received_on=received_on,
        steps=steps,
        owner=_skewed(chance, scale.owners, data["owner_skew"]),
        authority=_skewed(chance, scale.authorities, data["authorities"]["skew"]) if is_listed else None,
        channel=Channel(_weighted(chance, "channels")),
        kind=ReporterKind(_weighted(chance, "kinds")),
        identity=IdentityChoice(_weighted(chance, "identities")),
        language=_weighted(chance, "languages"),
        title=f"{chance.choice(data['subjects'])}, {chance.choice(data['places'])}",
        requirement=pattern["requirement"].format(**values),
        narrative=f"{pattern['narrative']} {_sentences(chance, data)}",
        facts=tuple({"procurement_start_date": started.isoformat(), **facts}.items()),
        closes_on=received_on + timedelta(days=chance.randint(1, 28)) if is_live else None,
        has_reply=chance.randrange(REPLIES_ONE_IN) == 0,
        is_read=chance.random() < 0.8 or (bool(steps) and steps[-1].new in (S.CLOSED, S.CLOSED_NO_REPLY)),
    )


def _received_on(number: int, scale: Scale, today: date) -> date:
    """Spread the cases over the years in the order of their numbers, more of them as time goes on."""
    share = (number + 0.5) / scale.reports
    return today - timedelta(days=int(scale.days * (1 - share ** float(read_data(FILE)["growth"]))))


def _half_year(day: date) -> date:
    """Return the first day of the half year of a day."""
    return day.replace(month=1 if day.month < JULY else JULY, day=1)


def _values(chance: random.Random, pattern: Mapping[str, Any], received_on: date) -> dict[str, str]:
    value = int(chance.choice(pattern.get("value") or read_data(FILE)["values"]))
    ratio = float(chance.choice(pattern.get("amount", NO_RATIO)))
    return {
        "value": f"{value:,}",
        "amount": f"{round(value * ratio, -2):,.0f}",
        "years": chance.choice(pattern.get("years", ["3"])),
        "invoice": _half_year(received_on - timedelta(days=chance.randint(45, 120))).isoformat(),
    }


def _sentences(chance: random.Random, data: Mapping[str, Any]) -> str:
    known = data["sentences"]
    places = {_skewed(chance, len(known), data["words_skew"]) for _ in range(chance.randint(1, SENTENCES_MOST))}
    return " ".join(known[place] for place in sorted(places))


@cache
def walking_table() -> Mapping[CaseState, tuple[float, tuple[CaseState, ...], tuple[int, ...]]]:
    """Return the mean days in each state, and where it goes with which weight.

    Raises:
        ConfigurationError: a step that is not in the table of states.
    """
    found = {}
    for name, (days, following) in read_data(FILE)["steps"].items():
        state = CaseState(name)
        news = tuple(CaseState(new) for new in following)
        if wrong := [new for new in news if not can_move(state, new)]:
            raise ConfigurationError(f"{FILE}: no case goes from {state} to {wrong[0]}")
        found[state] = (float(days), news, tuple(int(weight) for weight in following.values()))
    return found


def _walk(chance: random.Random, received_on: date, today: date) -> Sequence[Step]:
    steps: list[Step] = []
    state, day = S.RECEIVED, received_on
    stuck = float(read_data(FILE)["stuck"])
    while True:
        mean, news, weights = walking_table()[state]
        if not news or chance.random() < stuck:
            return steps
        day += timedelta(days=int(chance.expovariate(1 / mean)))
        if day > today:
            return steps
        new = chance.choices(news, weights)[0]
        steps.append(Step(state, new, day))
        state = new


@cache
def _zipf(count: int, skew: str) -> tuple[float, ...]:
    return tuple(accumulate(1 / (place + 1) ** float(skew) for place in range(count)))


def _skewed(chance: random.Random, count: int, skew: str) -> int:
    """Draw a place in a list, the first ones most often."""
    reach = _zipf(count, skew)
    return bisect_left(reach, chance.random() * reach[-1])


@cache
def _weights(name: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    rows = read_data(FILE)[name]
    return tuple(row[0] for row in rows), tuple(int(row[1]) for row in rows)


def _weighted(chance: random.Random, name: str) -> str:
    options, weights = _weights(name)
    return chance.choices(options, weights)[0]


def invented_bodies(count: int) -> list[dict[str, str]]:
    """Return the rows of bodies that do not exist, for the register."""
    parts = read_data(FILE)["bodies"]
    kinds = parts["kinds"]
    names = [f"{first}{last}" for last in parts["lasts"] for first in parts["firsts"]]
    return [
        {**kinds[place % len(kinds)], "name": kinds[place % len(kinds)]["name"].format(name)}
        for place, name in enumerate(names[:count])
    ]


def invented_names(count: int) -> list[str]:
    """Return names of people who do not exist."""
    parts = read_data(FILE)["people"]
    return [f"{first} {last} Demo" for last in parts["lasts"] for first in parts["firsts"]][:count]
