"""Forms of the policy owner and of those who approve."""

from datetime import date
from typing import Any

from mystery_shopper.core.forms import (
    CharacterCountField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    RequiredIf,
    SelectField,
    SubmitField,
    TextField,
    as_version,
)
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.suggestions import journey
from mystery_shopper.suggestions.bodies import OTHER_BODY, OTHER_TITLE, imposing_bodies
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import (
    FORCED_BY_LABELS,
    LINE_MAX,
    RESULT_LABELS,
    TEXT_MAX,
    AnswerResult,
    ForcedBy,
    SaidAndDone,
)
from mystery_shopper.suggestions.queries import SuggestionFilter
from mystery_shopper.suggestions.services import NewAnswer, NewRoute
from mystery_shopper.suggestions.states import SuggestionState, state_label

NOTE_MAX = 1000
OVERDUE = "overdue"
WAITING = "waiting"
BY_COUNT, BY_VALUE = "count", "value"


class VersionedForm(GovForm):
    """A form about one version of a suggestion or its text."""

    version = HiddenField()

    def to_version(self) -> int:
        """Return the version the page showed."""
        return as_version(self.version)


class RouteForm(VersionedForm):
    """Pass it on."""

    body = SelectField("Which body imposes the rule?", empty="Select a body", required="Select the body")
    other = TextField(
        "Name of another body",
        hint="Only if the body is not in the list.",
        max_length=LINE_MAX,
        error_name="The name of the body",
        validators=[RequiredIf("body", OTHER_BODY, "Enter the name of the body")],
    )
    text = CharacterCountField(
        "What do you ask the body?",
        hint="These words go out. Do not copy the commissioner's own words, and name no authority.",
        required="Enter what you ask the body",
        error_name="What you ask",
        max_length=TEXT_MAX,
        rows=10,
    )
    due_on = DateField(
        "When is the answer due? (optional)",
        hint="Leave empty for the usual time of the body.",
        error_name="The day the answer is due",
    )
    save = SubmitField("Save as passed on")

    def offer(self) -> None:
        """Offer the bodies, the commissioner's own authority left out: nothing is passed on to it."""
        known = [body for body in imposing_bodies().by_id.values() if not body.is_own]
        self.body.choices = (*(Option(body.id, body.name) for body in known), Option(OTHER_BODY, OTHER_TITLE))

    def to_route(self) -> NewRoute:
        """Return what is passed on."""
        is_other = self.body.data == OTHER_BODY
        return NewRoute(
            body_id=self.body.data,
            other=self.other.data if is_other else "",
            text=self.text.data,
            due_on=self.due_on.data,
        )


class RemindForm(VersionedForm):
    """Remind the body."""

    text = CharacterCountField(
        "What do you write to the body?",
        hint="These words go out. Save them first: they are checked like the first ones.",
        required="Enter what you write to the body",
        error_name="What you write",
        max_length=TEXT_MAX,
        rows=6,
    )
    due_on = DateField("By when is it to answer now?", required="Enter the day", error_name="The day")
    save = SubmitField("Save the reminder")


class AnswerForm(VersionedForm):
    """Answer through the receipt."""

    result = RadiosField(
        "What came of it?",
        choices=[Option(one.value, RESULT_LABELS[one]) for one in AnswerResult],
        required="Select what came of it",
        label_size="m",
    )
    answer = CharacterCountField(
        "Your answer",
        hint="The person who wrote to us reads this through the receipt code.",
        required="Enter your answer",
        error_name="Your answer",
        max_length=TEXT_MAX,
        rows=8,
    )
    body_said = CharacterCountField(
        "What did the body say? (optional)",
        hint="For the record. Only staff read it.",
        error_name="What the body said",
        max_length=TEXT_MAX,
        rows=4,
    )
    save = SubmitField("Send answer")

    def to_answer(self) -> NewAnswer:
        """Return the answer."""
        return NewAnswer(
            result=AnswerResult(self.result.data), text=self.answer.data, body_said=self.body_said.data or ""
        )


class ReasonForm(VersionedForm):
    """A step that needs a reason; the page says what it is for."""

    reason = CharacterCountField(
        "Why?", required="Enter the reason", error_name="The reason", max_length=NOTE_MAX, rows=5
    )
    save = SubmitField("Save")

    def ask(self, question: str, hint: str, button: str) -> None:
        """Set the words of the question and of the button."""
        self.reason.label.text, self.reason.description, self.save.label.text = question, hint, button


class ClassForm(VersionedForm):
    """Say what it is about."""

    family = SelectField("Kind of barrier", empty="Select a kind", required="Select what it is about")
    rule_id = SelectField("Rule", empty="No rule")
    body_id = SelectField("Imposed by", empty="Not known")
    save = SubmitField("Save")

    def offer(self) -> None:
        """Offer the catalogue's kinds of barrier and rules, and the imposing bodies."""
        self.family.choices = tuple(Option(value, title) for value, title, _hint in journey.family_options())
        self.rule_id.choices = tuple(Option(rule.id, f"{rule.id}: {rule.title}") for rule in catalogue().rules)
        self.body_id.choices = body_options()


class TextForm(VersionedForm):
    """The public text."""

    title = TextField(
        "Title",
        hint="For example: Bonds on small cleaning contracts.",
        max_length=LINE_MAX,
        error_name="The title",
    )
    said = CharacterCountField(
        "You said",
        hint="What commissioners told us, in your own words.",
        error_name="What was said",
        max_length=TEXT_MAX,
        rows=6,
    )
    done = CharacterCountField(
        "We did", hint="What was done, or why not.", error_name="What was done", max_length=TEXT_MAX, rows=6
    )
    objection_answer = CharacterCountField(
        "How the objection was dealt with",
        hint="The approver reads this. The public does not.",
        error_name="The answer",
        max_length=NOTE_MAX,
        rows=4,
    )
    save = SubmitField("Save draft", style="secondary")
    send = SubmitField("Send for approval")

    def __init__(self, *args: Any, has_objection: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_objection:
            del self.objection_answer

    def to_text(self) -> SaidAndDone:
        """Return the text."""
        return SaidAndDone(
            title=self.title.data or "",
            said=self.said.data or "",
            done=self.done.data or "",
            objection_answer=self.objection_answer.data or "" if "objection_answer" in self else "",
        )


class DecideForm(VersionedForm):
    """Publish, or send back with a note."""

    decision = RadiosField(
        "What do you decide?",
        choices=[
            Option("approve", "Publish it", hint="Everybody can read it at once."),
            Option("back", "Send it back"),
        ],
        required="Select what you decide",
        reveals={"back": "note"},
        label_size="m",
    )
    note = CharacterCountField(
        "What must change?",
        error_name="What must change",
        max_length=NOTE_MAX,
        rows=4,
        validators=[RequiredIf("decision", "back", "Enter what must change")],
    )
    save = SubmitField("Save decision")


class ReadForm(VersionedForm):
    """One button."""

    save = SubmitField("Mark as read", style="secondary")


class ReadingForm(GovForm):
    """Base of forms that only read: no token."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False


class FilterForm(ReadingForm):
    """The filters of the list; all are in the address."""

    state = SelectField(
        "State", empty="Any state", choices=[Option(one.value, state_label(one)) for one in SuggestionState]
    )
    waits = SelectField(
        "Waiting",
        empty="Anything",
        choices=[Option(OVERDUE, "For an overdue answer"), Option(WAITING, "For us: the commissioner wrote")],
    )
    forced_by = SelectField(
        "Forced by", empty="Anything", choices=[Option(one.value, FORCED_BY_LABELS[one]) for one in ForcedBy]
    )
    family = SelectField("About", empty="Anything")
    rule = SelectField("Rule", empty="Any rule")
    body = SelectField("Imposed by", empty="Anybody")
    received_from = DateField("Received from", error_name="Received from", label_size="s")
    received_to = DateField("Received to", error_name="Received to", label_size="s")

    def offer(self) -> None:
        """Fill in kinds of barrier, rules and bodies."""
        self.family.choices = tuple(Option(value, title) for value, title, _hint in journey.family_options())
        self.rule.choices = tuple(Option(rule.id, f"{rule.id}: {rule.title}") for rule in catalogue().rules)
        self.body.choices = body_options()

    def to_filter(self, today: date) -> SuggestionFilter:
        """Return the filters that can be read; one with an error filters nothing."""
        good = {field.name: field.data for field in self if not field.errors and field.data}
        return SuggestionFilter(
            state=SuggestionState(good["state"]) if "state" in good else None,
            forced_by=ForcedBy(good["forced_by"]) if "forced_by" in good else None,
            family=good.get("family"),
            rule_id=good.get("rule"),
            body_id=good.get("body"),
            received_from=good.get("received_from"),
            received_to=good.get("received_to"),
            overdue_on=today if good.get("waits") == OVERDUE else None,
            waits_for_us=good.get("waits") == WAITING,
        )


class PeriodForm(ReadingForm):
    """The period of the themes, and by what they are ranked."""

    received_from = DateField("Received from", error_name="Received from", label_size="s")
    received_to = DateField("Received to", error_name="Received to", label_size="s")
    order = SelectField(
        "Largest first by",
        choices=[Option(BY_COUNT, "Number of suggestions"), Option(BY_VALUE, "Value blocked")],
    )


def body_options() -> tuple[Option, ...]:
    """Return the imposing bodies as staff choose them."""
    bodies = imposing_bodies()
    known = tuple(Option(body_id, bodies.name_of(body_id)) for body_id in bodies.by_id)
    return (*known, Option(OTHER_BODY, OTHER_TITLE))


def route_defaults(suggestion: Suggestion) -> dict[str, str]:
    """Return what the form of passing on begins with: the body it was passed on to, else the one it is imposed by."""
    bodies = imposing_bodies().by_id
    sent = suggestion.route
    by_name = {body.name: body.id for body in bodies.values()}
    if sent is not None:
        body_id = by_name.get(sent.to, OTHER_BODY)
        return {"body": body_id, "other": sent.to if body_id == OTHER_BODY else "", "text": sent.text}
    own = bodies.get(suggestion.body_id)
    if suggestion.body_id == OTHER_BODY:
        return {"body": OTHER_BODY, "other": suggestion.content.body_other, "text": ""}
    return {"body": "" if own is None or own.is_own else own.id, "other": "", "text": ""}
