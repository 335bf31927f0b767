"""How many notices of each service say each thing: the figures of docs/notices.md. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from mystery_shopper.facts.registry import registry
from mystery_shopper.notices.comparing import describe
from mystery_shopper.notices.policy import DIALECT_NAMES, Dialect
from mystery_shopper.notices.reading import ReadRelease
from mystery_shopper.notices.stating import facts_of

_FOLDED = ("lot", "condition", "amendment")
_FOLDED_TITLES = {
    "condition": "Conditions of taking part",
    "amendment": "Announced changes",
}


class Coverage:
    """A count of releases, of the fields they fill and of the facts they state, by service."""

    def __init__(self) -> None:
        self.releases: Counter[Dialect] = Counter()
        self.fields: defaultdict[str, Counter[Dialect]] = defaultdict(Counter)
        self.facts: defaultdict[str, Counter[Dialect]] = defaultdict(Counter)
        self._titles: dict[str, str] = {}

    def add(self, releases: Iterable[ReadRelease]) -> None:
        """Count some releases."""
        for release in releases:
            service = release.view.dialect
            self.releases[service] += 1
            for key, title in dict(_fields_of(release)).items():
                self._titles.setdefault(key, title)
                self.fields[key][service] += 1
            for fact_id in facts_of(release.view):
                self.facts[fact_id][service] += 1

    @property
    def services(self) -> tuple[Dialect, ...]:
        """Return the services that were seen."""
        return tuple(service for service in Dialect if self.releases[service])

    def as_json(self) -> Mapping[str, object]:
        """Return the counts as JSON values."""
        return {
            "releases": _by_name(self.releases),
            "fields": {key: _by_name(counts) for key, counts in sorted(self.fields.items())},
            "facts": {key: _by_name(self.facts[key]) for key in registry().sorted_ids(self.facts)},
        }

    def as_markdown(self) -> str:
        """Return the counts as two tables, the fields and facts most notices have first."""
        head = [f"{DIALECT_NAMES[service]} (of {self.releases[service]})" for service in self.services]
        fields = [(self._titles[key], self.fields[key]) for key in self.fields]
        facts = [(registry()[fact_id].title, self.facts[fact_id]) for fact_id in self.facts]
        return "\n\n".join((self._table("field", head, fields), self._table("fact", head, facts)))

    def _table(self, what: str, head: Sequence[str], rows: Sequence[tuple[str, Counter[Dialect]]]) -> str:
        ordered = sorted(rows, key=lambda row: (-row[1].total(), row[0]))
        lines = [f"| {what} | {' | '.join(head)} |", f"|---|{'---:|' * len(head)}"]
        lines += [
            f"| {title} | {' | '.join(str(counts[service]) for service in self.services)} |"
            for title, counts in ordered
        ]
        return "\n".join(lines)


def _fields_of(release: ReadRelease) -> Iterable[tuple[str, str]]:
    for field in describe(release.view):
        kind, _, rest = field.key.partition(":")
        if kind not in _FOLDED:
            yield field.key, field.title
        elif kind == "lot":
            part = rest.rpartition(":")[2]
            yield f"lot:{part}", f"A lot's {field.title.rpartition(': ')[2]}"
        else:
            yield kind, _FOLDED_TITLES[kind]


def _by_name(counts: Counter[Dialect]) -> dict[str, int]:
    return {service.value: counts[service] for service in Dialect if counts[service]}
