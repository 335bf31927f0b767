"""The steps of a policy owner: pass on, remind, answer, close, reopen, say what it is about."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor
from mystery_shopper.cases.gate import DisclosureError, refusal
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.suggestions import services
from mystery_shopper.suggestions.forms.staff import (
    AnswerForm,
    ClassForm,
    ReasonForm,
    RemindForm,
    RouteForm,
    VersionedForm,
    route_defaults,
)
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.states import SuggestionState, can_step
from mystery_shopper.suggestions.views.blueprints import bp
from mystery_shopper.suggestions.views.words import open_suggestion, words

S = SuggestionState
MOVED_ON = "Somebody else took a step with this suggestion, so this one is no longer open. Open it again to see it."
REMINDER_DAYS = 7


@bp.route("/suggestions/<reference>/route", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def route_suggestion(reference: str) -> ResponseReturnValue:
    suggestion = _open_for(reference, S.ROUTED)
    form = RouteForm(data={"version": str(suggestion.version), **route_defaults(suggestion)})
    form.offer()

    def save() -> str:
        services.route(
            suggestion,
            form.to_route(),
            version=form.to_version(),
            actor=actor(),
            now=clock.utc_now(),
            holidays=bank_holidays(),
        )
        return "Saved as passed on. Send these words to the body now"

    return _take(form, suggestion, save, "suggestions/route_suggestion.html")


@bp.route("/suggestions/<reference>/remind", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def remind_body(reference: str) -> ResponseReturnValue:
    suggestion = open_suggestion(reference)
    if suggestion.state is not S.ROUTED:
        raise StaleEditError(MOVED_ON)
    by = clock.today() + timedelta(days=REMINDER_DAYS)
    form = RemindForm(data={"version": str(suggestion.version), "due_on": by})

    def save() -> str:
        text, due_on = form.text.data or "", form.due_on.data or by
        services.remind(suggestion, text, due_on, version=form.to_version(), actor=actor(), now=clock.utc_now())
        return "Reminder saved. Send these words to the body now"

    return _take(form, suggestion, save, "suggestions/remind_body.html")


@bp.route("/suggestions/<reference>/answer", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def answer_suggestion(reference: str) -> ResponseReturnValue:
    suggestion = open_suggestion(reference)
    if suggestion.state is S.CLOSED:
        raise StaleEditError(MOVED_ON)
    result = suggestion.result.value if suggestion.result else ""
    form = AnswerForm(data={"version": str(suggestion.version), "answer": suggestion.answer, "result": result})

    def save() -> str:
        version, now = form.to_version(), clock.utc_now()
        services.answer(suggestion, form.to_answer(), version=version, actor=actor(), now=now)
        return "Answer sent"

    return _take(form, suggestion, save, "suggestions/answer_suggestion.html")


@bp.route("/suggestions/<reference>/close", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def close_suggestion(reference: str) -> ResponseReturnValue:
    suggestion = _open_for(reference, S.CLOSED)
    form = ReasonForm(data={"version": str(suggestion.version)})
    hint = "The person who wrote to us reads this through the receipt code."
    form.ask("Why do you close it without action?", hint, "Close without action")
    return _take_reason(form, suggestion, services.close, "Closed", "suggestions/close_suggestion.html")


@bp.route("/suggestions/<reference>/reopen", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def reopen_suggestion(reference: str) -> ResponseReturnValue:
    suggestion = _open_for(reference, S.RECEIVED)
    form = ReasonForm(data={"version": str(suggestion.version)})
    form.ask("Why do you reopen it?", "Only staff read this.", "Reopen")
    return _take_reason(form, suggestion, services.reopen, "Reopened", "suggestions/reopen_suggestion.html")


@bp.route("/suggestions/<reference>/class", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def class_suggestion(reference: str) -> ResponseReturnValue:
    suggestion = open_suggestion(reference)
    stored = {"family": suggestion.family, "rule_id": suggestion.rule_id or "", "body_id": suggestion.body_id}
    form = ClassForm(data={"version": str(suggestion.version), **stored})
    form.offer()

    def save() -> str:
        services.class_suggestion(
            suggestion,
            family=form.family.data or "",
            rule_id=form.rule_id.data or "",
            body_id=form.body_id.data or "",
            version=form.to_version(),
            actor=actor(),
            now=clock.utc_now(),
        )
        return "Saved"

    return _take(form, suggestion, save, "suggestions/class_suggestion.html")


def _open_for(reference: str, new: SuggestionState) -> Suggestion:
    suggestion = open_suggestion(reference)
    if not can_step(suggestion.state, new):
        raise StaleEditError(MOVED_ON)
    return suggestion


def _take_reason(
    form: ReasonForm, suggestion: Suggestion, service: Callable[..., None], message: str, template: str
) -> ResponseReturnValue:
    def save() -> str:
        service(suggestion, form.reason.data or "", version=form.to_version(), actor=actor(), now=clock.utc_now())
        return message

    return _take(form, suggestion, save, template)


def _take(form: VersionedForm, suggestion: Suggestion, save: Callable[[], str], template: str) -> ResponseReturnValue:
    """Save, or show what stands against it: errors at their fields, or what somebody else saved meanwhile."""
    status, is_stale = HTTPStatus.OK, False
    if form.validate_on_submit():
        try:
            flash(save(), "success")
            return redirect(url_for("suggestions.show_suggestion", reference=suggestion.reference))
        except StaleEditError as error:
            form.version.data = str(suggestion.version)
            form.add_error(f"{error.message} What stands now is shown below. Save again to replace it")
            status, is_stale = HTTPStatus.CONFLICT, True
        except DomainError as error:
            show_refusal(form, suggestion, error)
    page = render_template(
        template, suggestion=suggestion, content=suggestion.content, form=form, is_stale=is_stale, **words()
    )
    return page, status


def show_refusal(form: VersionedForm, suggestion: Suggestion, error: DomainError) -> None:
    """Show why a text was refused, at its field; what the disclosure gate stopped is kept on record."""
    if not isinstance(error, DisclosureError):
        form.add_error(error)
        return
    services.record_refusal(suggestion, actor=actor(), now=clock.utc_now())
    for field, hits in error.hits.items():
        form.add_error(refusal(hits), field)
