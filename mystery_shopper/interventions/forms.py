"""Forms of interventions, recommendations and outcomes."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from mystery_shopper.cases.forms import GatedForm
from mystery_shopper.cases.states import CaseState, state_label
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import (
    NO,
    YES,
    YES_NO,
    CharacterCountField,
    DateField,
    GovForm,
    HiddenField,
    MoneyField,
    Option,
    RadiosField,
    SelectField,
    SharedForm,
    SubmitField,
    TextField,
    as_submission,
)
from mystery_shopper.core.vault import DataKey
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import FactValueError, parse
from mystery_shopper.facts.registry import registry
from mystery_shopper.interventions.models import Answer, Implemented, Outcome
from mystery_shopper.interventions.policy import (
    FORMAL_NOTICES,
    KIND_LABELS,
    OUTCOME_LABELS,
    UPHELD_LABELS,
    InterventionKind,
    OutcomeCode,
    Power,
    Upheld,
)
from mystery_shopper.interventions.queries import typed_value
from mystery_shopper.interventions.queries.amended import AmendedFact, KeptVersion
from mystery_shopper.interventions.services import NewIntervention, NewOutcome
from mystery_shopper.interventions.states import PRACTICE_LABELS

TEXT_MAX = 5000
ADDRESSEE_MAX = 200
VALUE_MAX = 100
ANSWERS = (
    Option(Answer.ACCEPTED, "Accepted"),
    Option(Answer.PARTLY, "Accepted in part"),
    Option(Answer.REFUSED, "Refused"),
    Option(Answer.SILENT, "No answer"),
)
DONE = (Option(Implemented.YES, "Yes"), Option(Implemented.PARTLY, "Partly"), Option(Implemented.NO, "No"))


def move_options(steps: Iterable[CaseState]) -> tuple[Option, ...]:
    """Return the choice between moving the case and leaving it."""
    names = " or ".join(f"“{state_label(step)}”" for step in steps)
    return (Option(YES, f"Yes, move it to {names}"), Option(NO, "No, leave it where it is"))


class InterventionForm(GatedForm):
    """Record something done towards the authority. What was said or asked passes the disclosure gate."""

    version = HiddenField()
    submission_id = HiddenField()
    kind = RadiosField("What was done?", required="Select what was done")
    made_on = DateField("When was it done?", required="Enter the day it was done", error_name="The day it was done")
    summary = CharacterCountField(
        "What was said or asked?",
        hint="Do not write who the reporter is.",
        required="Enter what was said or asked",
        error_name="What was said or asked",
        max_length=TEXT_MAX,
        label_size="m",
        rows=8,
    )
    response_due_on = DateField(
        "When is an answer due?",
        hint="Leave empty when you asked for none. A formal notice gets the period of the law by itself.",
        error_name="The day the answer is due",
    )
    moves_case = RadiosField("Does this move the case on?", required="Select yes if this moves the case on")
    save = SubmitField("Record it")

    def offer(self, powers: tuple[Power, ...], steps: tuple[CaseState, ...]) -> None:
        """Fill in the kinds the law allows for this case, and the steps that can follow."""
        allowed = {power.kind for power in powers}
        kinds = [kind for kind in InterventionKind if kind not in FORMAL_NOTICES or kind in allowed]
        self.kind.choices = tuple(Option(kind.value, KIND_LABELS[kind]) for kind in kinds)
        if steps:
            self.moves_case.choices = move_options(steps)
        else:
            del self.moves_case

    def to_intervention(self) -> NewIntervention:
        """Return what was typed, in the words of the domain.

        Raises:
            DomainError: the page carried no submission id.
        """
        return NewIntervention(
            submission_id=as_submission(self.submission_id),
            kind=InterventionKind(self.kind.data),
            made_on=self.made_on.data,
            summary=self.summary.data,
            asked_for=self.response_due_on.data,
            moves_case="moves_case" in self and self.moves_case.data == YES,
        )


class ResponseForm(GovForm):
    """Record the authority's answer."""

    version = HiddenField()
    received_on = DateField(
        "When did the answer come?", required="Enter the day the answer came", error_name="The day the answer came"
    )
    text = CharacterCountField(
        "What did the authority say?",
        required="Enter what the authority said",
        error_name="What the authority said",
        max_length=TEXT_MAX,
        label_size="m",
        rows=8,
    )
    moves_case = RadiosField("Does this move the case on?", required="Select yes if this moves the case on")
    save = SubmitField("Record the answer")

    def offer(self, *, can_move: bool) -> None:
        """Offer the step to "responded" only where it is open."""
        if can_move:
            self.moves_case.choices = move_options((CaseState.RESPONDED,))
        else:
            del self.moves_case

    @property
    def wants_move(self) -> bool:
        """Tell whether the case is to be moved."""
        return "moves_case" in self and self.moves_case.data == YES


class RecommendationForm(GatedForm):
    """Record a recommendation. Its text passes the disclosure gate."""

    submission_id = HiddenField()
    addressee = TextField(
        "Who is it made to?",
        hint="The authority, or another body that can act: its sponsor department, a prime contractor.",
        required="Enter who it is made to",
        error_name="Who it is made to",
        max_length=ADDRESSEE_MAX,
        label_size="m",
    )
    text = CharacterCountField(
        "What did we recommend?",
        hint="Do not write who the reporter is.",
        required="Enter what we recommended",
        error_name="What we recommended",
        max_length=TEXT_MAX,
        label_size="m",
        rows=6,
    )
    rule_id = SelectField("Which flag is it about?", empty="None: it is general")
    made_on = DateField("When was it made?", required="Enter the day it was made", error_name="The day it was made")
    save = SubmitField("Record recommendation")


class AnswerForm(SharedForm):
    """Record what the authority said to a recommendation."""

    version = HiddenField()
    answer = RadiosField("What did the authority say?", choices=ANSWERS, required="Select what the authority said")
    answered_on = DateField("When?", required="Enter the day of the answer", error_name="The day of the answer")
    reason = CharacterCountField("Reason the authority gave", max_length=TEXT_MAX)
    check_on = DateField(
        "When should we check whether it was done?",
        hint="Needed when it was accepted, in full or in part.",
        error_name="The day to check",
    )
    save = SubmitField("Save answer")


class CheckForm(SharedForm):
    """Record whether a recommendation was carried out."""

    version = HiddenField()
    implemented = RadiosField("Was it done?", choices=DONE, inline=True, required="Select whether it was done")
    checked_on = DateField(
        "When did you check?", required="Enter the day you checked", error_name="The day you checked"
    )
    note = CharacterCountField(
        "What did you see?", required="Enter what you saw", error_name="What you saw", max_length=TEXT_MAX
    )
    notice_after = SelectField(
        "Amended notice that shows it",
        hint="What the buyer changed is then shown beside this recommendation.",
        empty="No notice shows it",
    )
    notice_before = SelectField("Compared with", empty="The version public when we made the recommendation")
    save = SubmitField("Save check")

    def offer(self, kept: Iterable[Iterable[KeptVersion]]) -> None:
        """Offer the frozen copies of the notices of the case that have been amended; without any, no question."""
        options = tuple(Option(str(one.version.id), one.words) for versions in kept for one in versions)
        if options:
            self.notice_after.choices = self.notice_before.choices = options
        else:
            del self.notice_after, self.notice_before

    def begin_with(self, before: UUID, after: UUID) -> None:
        """Fill in the two versions of a notice."""
        if "notice_before" in self:
            self.notice_before.data, self.notice_after.data = str(before), str(after)

    def chosen(self) -> tuple[UUID | None, UUID | None]:
        """Return the two versions that were chosen, None for each that was not."""
        if "notice_before" not in self:
            return None, None
        before, after = self.notice_before.data, self.notice_after.data
        return UUID(before) if before else None, UUID(after) if after else None


class FollowUpForm(GovForm):
    """Say what came of a case after it was closed."""

    version = HiddenField()
    result = RadiosField(
        "Did the practice change?",
        hint="The reporter is told which of these it is, and nothing of what you write below.",
        choices=tuple(Option(one.value, label) for one, label in PRACTICE_LABELS.items()),
        required="Select whether the practice changed",
        label_size="m",
    )
    note = CharacterCountField("What did you see?", max_length=TEXT_MAX, rows=4)
    save = SubmitField("Save")


class OutcomeForm(SharedForm):
    """Record what came of the case."""

    version = HiddenField()
    submission_id = HiddenField()
    code = RadiosField(
        "What came of the case?",
        choices=tuple(Option(code.value, label) for code, label in OUTCOME_LABELS.items()),
        required="Select what came of the case",
    )
    upheld = RadiosField(
        "Was the concern upheld?",
        hint="Whether the reporter was right. It says nothing of whether anything got better.",
        choices=tuple(Option(value.value, label) for value, label in UPHELD_LABELS.items()),
        required="Select whether the concern was upheld",
    )
    positive = RadiosField(
        "Did anything get better?",
        hint="A positive outcome must rest on a fact that changed.",
        choices=YES_NO,
        inline=True,
        required="Select yes if anything got better",
    )
    basis_fact_id = SelectField("Fact that shows it", empty="Select a fact", autocomplete=True, label_size="s")
    before = TextField(
        "Its value before", hint="Only money that was paid can do without it.", width=20, max_length=VALUE_MAX
    )
    after = TextField("Its value after", hint="For example 500,000, yes, or 27 3 2026.", width=20, max_length=VALUE_MAX)
    money_freed = MoneyField("Money paid because of us", hint="Late payments that were released.", label_size="s")
    reached_on = DateField("When was it reached?", required="Enter the day it was reached", error_name="The day")
    summary = CharacterCountField(
        "The outcome in words",
        hint="Do not write who the reporter is.",
        required="Enter the outcome in words",
        error_name="The outcome",
        max_length=TEXT_MAX,
        label_size="m",
        rows=6,
    )
    moves_case = RadiosField("Does this move the case on?", required="Select yes if this moves the case on")
    save = SubmitField("Record outcome")

    def offer(self, stated: Mapping[str, str], *, can_move: bool) -> None:
        """Fill in the facts an outcome can rest on, those of the case first, and the step where it is open."""
        others = {fact_id: one.title for fact_id, one in registry().items() if fact_id not in stated}
        self.basis_fact_id.choices = tuple(Option(fact_id, label) for fact_id, label in {**stated, **others}.items())
        if can_move:
            self.moves_case.choices = move_options((CaseState.OUTCOME_RECORDED,))
        else:
            del self.moves_case

    def fill_in(self, row: Outcome, key: DataKey) -> None:
        """Fill the form with an outcome as it stands."""
        self.code.data, self.upheld.data = row.code.value, row.upheld.value
        self.positive.data = YES if row.positive else NO
        self.basis_fact_id.data = row.basis_fact_id or ""
        self.before.data = typed_value(row.basis_fact_id, row.before_json(key))
        self.after.data = typed_value(row.basis_fact_id, row.after_json(key))
        self.money_freed.data = row.money_freed_pence or None
        self.reached_on.data, self.summary.data = row.reached_on, row.summary(key)

    def begin_with(self, fact: AmendedFact) -> None:
        """Fill in what the buyer changed in a notice: the fact, before and after."""
        self.positive.data, self.basis_fact_id.data = YES, fact.fact_id
        self.before.data, self.after.data = fact.before, fact.after

    def to_outcome(self) -> NewOutcome:
        """Return what was typed, in the words of the domain.

        Raises:
            DomainError: a value that is not one of the fact, or the page carried no submission id.
        """
        fact_id = self.basis_fact_id.data or None
        return NewOutcome(
            submission_id=as_submission(self.submission_id),
            code=OutcomeCode(self.code.data),
            upheld=Upheld(self.upheld.data),
            positive=self.positive.data == YES,
            reached_on=self.reached_on.data,
            summary=self.summary.data,
            basis_fact_id=fact_id,
            before=_value(fact_id, self.before),
            after=_value(fact_id, self.after),
            money_freed_pence=self.money_freed.data or 0,
            moves_case="moves_case" in self and self.moves_case.data == YES,
        )


def _value(fact_id: str | None, field: TextField) -> FactValue | None:
    if fact_id is None or not field.data:
        return None
    definition = registry()[fact_id]
    typed = field.data
    for option in definition.options:
        typed = option.id if typed.casefold() == option.title.casefold() else typed
    try:
        return parse(definition, typed)
    except FactValueError as error:
        raise DomainError(error.message, field=field.name) from error
