"""Forms that join, take apart, split and link cases, and that answer a repeat pattern."""

from collections.abc import Iterable
from uuid import UUID

from mystery_shopper.cases.models import Case, CaseJoin, Report
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.forms import (
    CharacterCountField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SubmitField,
    TextField,
)
from mystery_shopper.similarity.models import PatternAnswer, RelationKind
from mystery_shopper.similarity.patterns import Pattern
from mystery_shopper.similarity.queries import RelationView

REASON_MAX = 1000
REFERENCE_MAX = 20


def _reason() -> CharacterCountField:
    return CharacterCountField(
        "Why?",
        hint="Staff read this on the timeline of both cases. The reporters do not.",
        required="Enter why",
        error_name="Reason",
        max_length=REASON_MAX,
        label_size="m",
    )


class OtherCaseForm(GovForm):
    """Name the other case."""

    other = TextField(
        "Reference of the other case",
        hint="Like MS-2026-00417",
        required="Enter the reference of the other case",
        max_length=REFERENCE_MAX,
        label_size="m",
    )
    go_on = SubmitField("Continue")


class JoinForm(GovForm):
    """Join two cases."""

    version = HiddenField()
    other_version = HiddenField()
    keep = RadiosField("Which case goes on?", required="Select which case goes on", label_size="m")
    reason = _reason()
    save = SubmitField("Join the cases")

    def offer(self, ways: Iterable[Case]) -> None:
        """Fill in the cases that can be the one that goes on."""
        self.keep.choices = tuple(
            Option(one.reference, one.reference, hint=f"Received {format_day(one.received_on)}, {one.authority_name}")
            for one in ways
        )


class UndoJoinForm(GovForm):
    """Take joined cases apart."""

    version = HiddenField()
    join = RadiosField("Which case should stand by itself again?", required="Select a case", label_size="m")
    reason = _reason()
    save = SubmitField("Take the cases apart")

    def offer(self, joins: Iterable[CaseJoin], case: Case) -> None:
        """Fill in the joins; each option carries the version of the other case, which must not have changed."""
        self.join.choices = tuple(
            Option(
                f"{join.id}:{(join.joined if join.kept_id == case.id else join.kept).version}",
                join.joined.reference,
                hint=f"Joined to {join.kept.reference} on {format_day(join.joined_at.date())}",
            )
            for join in joins
        )

    def to_join(self) -> tuple[UUID, int]:
        """Return the join chosen and the version of the other case that the page showed."""
        join_id, _, version = self.join.data.partition(":")
        return UUID(join_id), int(version)


class SplitForm(GovForm):
    """Take one report out of a case."""

    version = HiddenField()
    report = RadiosField("Which report gets a case of its own?", required="Select a report", label_size="m")
    reason = _reason()
    save = SubmitField("Take the report out")

    def offer(self, reports: Iterable[Report]) -> None:
        """Fill in the reports of the case, numbered as on its page."""
        self.report.choices = tuple(
            Option(str(report.id), f"Report {number}", hint=f"Received {format_day(report.received_on)}")
            for number, report in enumerate(reports, start=1)
        )


class RelateForm(GovForm):
    """Link two cases, or say that a suggested one is not similar."""

    version = HiddenField()
    reason = _reason()
    save = SubmitField("Save")


class UndoRelationForm(GovForm):
    """Take a link or a dismissal back."""

    relation = RadiosField("What should be taken back?", required="Select what should be taken back", label_size="m")
    reason = _reason()
    save = SubmitField("Take it back")

    def offer(self, views: Iterable[RelationView]) -> None:
        """Fill in what stands between this case and others."""
        words = {RelationKind.LINKED: "The link with", RelationKind.NOT_SIMILAR: "Not similar:"}
        self.relation.choices = tuple(
            Option(str(one.relation.id), f"{words[one.relation.kind]} {one.other.reference}", hint=one.reason)
            for one in views
        )


class PatternForm(GovForm):
    """Answer a repeat pattern."""

    version = HiddenField()
    submission_id = HiddenField()
    pattern = RadiosField("Which pattern?", required="Select a pattern", label_size="m")
    answer = RadiosField(
        "What should be done?",
        choices=(
            Option(
                PatternAnswer.REFERRED,
                "Refer the authority to the compliance service",
                hint="Recorded as an intervention of this case. Write to the compliance service yourself.",
            ),
            Option(
                PatternAnswer.DISMISSED,
                "Nothing for now",
                hint="Suggested again when as many further cases have been upheld.",
            ),
        ),
        required="Select what should be done",
        label_size="m",
    )
    reason = _reason()
    save = SubmitField("Save the answer")

    def offer(self, patterns: Iterable[Pattern]) -> None:
        """Fill in the patterns that ask for an answer."""
        self.pattern.choices = tuple(Option(one.key, one.title, hint=f"{one.count} upheld cases") for one in patterns)
