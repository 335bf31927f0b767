"""Tell us How as files: the themes, and what is published. Every cell is safe in a spreadsheet."""

from collections.abc import Iterator, Mapping, Sequence

from mystery_shopper.core.csvsafe import csv_line, csv_text
from mystery_shopper.suggestions.journey import family_title, rule_title
from mystery_shopper.suggestions.models import PublishedSuggestion
from mystery_shopper.suggestions.naming import KIND_TITLES, theme_name
from mystery_shopper.suggestions.policy import FORCED_BY_LABELS, PENCE, RESULT_LABELS, VALUE_BAND_LABELS
from mystery_shopper.suggestions.queries import ItemFilter, Theme, ThemeKind, each_item

THEME_COLUMNS = (
    "Counted by", "Theme", "Suggestions", "With a value and a number of tenders", "Without",
    "Value blocked in a year, pounds",
)  # fmt: skip
ITEM_COLUMNS = (
    "Reference", "Month", "About", "Rule", "Forced by", "Imposed by", "Value of one contract", "Title", "You said",
    "We did", "What came of it",
)  # fmt: skip


def theme_lines(themes: Mapping[ThemeKind, Sequence[Theme]]) -> str:
    """Return the themes as CSV."""
    rows = (
        [
            KIND_TITLES[kind],
            theme_name(kind, theme.key),
            *map(str, (theme.count, theme.with_value, theme.without_value)),
            f"{theme.blocked_pence // PENCE}",
        ]
        for kind, found in themes.items()
        for theme in found
    )
    return csv_text(THEME_COLUMNS, rows)


def item_lines(wanted: ItemFilter) -> Iterator[str]:
    """Yield what is published as lines of CSV."""
    yield csv_line(ITEM_COLUMNS)
    for item in each_item(wanted):
        yield csv_line(_cells(item))


def _cells(item: PublishedSuggestion) -> list[str]:
    return [
        item.public_reference,
        f"{item.period // 100:04d}-{item.period % 100:02d}",
        family_title(item.family),
        rule_title(item.rule_id),
        FORCED_BY_LABELS[item.forced_by],
        item.body_name,
        VALUE_BAND_LABELS[item.value_band],
        item.title,
        item.said_text,
        item.done_text,
        RESULT_LABELS[item.result],
    ]
