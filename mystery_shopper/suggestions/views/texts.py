"""The public text about a suggestion: written by one person, published by another."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError, PermissionDeniedError, StaleEditError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.suggestions import queries, services
from mystery_shopper.suggestions.forms.staff import DecideForm, ReadForm, ReasonForm, TextForm
from mystery_shopper.suggestions.models import Suggestion, SuggestionText
from mystery_shopper.suggestions.states import TextState
from mystery_shopper.suggestions.views.blueprints import bp
from mystery_shopper.suggestions.views.steps import show_refusal
from mystery_shopper.suggestions.views.words import open_suggestion, words

SENT_ON = "This text has been sent for approval or published. Open the suggestion again to see where it stands."


@bp.get("/suggestions/texts")
@requires(Permission.SUGGESTION_APPROVE)
def list_texts() -> ResponseReturnValue:
    return render_template(
        "suggestions/list_texts.html",
        rows=queries.list_texts(TextState.AWAITING_APPROVAL),
        me=signed_in_user(),
        **words(),
    )


@bp.route("/suggestions/<reference>/text", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def edit_text(reference: str) -> ResponseReturnValue:
    suggestion = open_suggestion(reference)
    row = queries.find_text(suggestion)
    if row is not None and row.state in (TextState.AWAITING_APPROVAL, TextState.PUBLISHED):
        raise StaleEditError(SENT_ON)
    if suggestion.state not in services.CAN_BE_PUBLISHED:
        raise StaleEditError("Answer the suggestion before you write what is published about it.")
    stored = row.content if row else None
    before = {**stored.public, "objection_answer": stored.objection_answer} if stored else {}
    form = TextForm(
        data={"version": str(row.version if row else 0), **before}, has_objection=suggestion.objects_to_publication
    )
    status = HTTPStatus.OK
    if form.validate_on_submit():
        try:
            if _save(form, suggestion):
                return redirect(url_for("suggestions.show_suggestion", reference=reference))
        except StaleEditError as error:
            form.add_error(f"{error.message} Copy what you typed, then open the page again")
            status = HTTPStatus.CONFLICT
    note = stored.note if stored else ""
    return render_template("suggestions/edit_text.html", form=form, suggestion=suggestion, note=note, **words()), status


def _save(form: TextForm, suggestion: Suggestion) -> bool:
    """Keep the text, then send it on if that was asked; what stands against that is shown at its field."""
    author, now = signed_in_user(), clock.utc_now()
    row = services.save_text(suggestion, form.to_text(), version=form.to_version(), author=author, now=now)
    form.version.data = str(row.version)
    if not form.send.data:
        flash("Draft saved", "success")
        return True
    try:
        services.submit_text(row, author=author, now=now)
    except DomainError as error:
        show_refusal(form, suggestion, error)
        return False
    flash("Text sent for approval. Somebody else must approve it", "success")
    return True


@bp.route("/suggestions/<reference>/text/decide", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_APPROVE, step_up=True)
@transactional
def decide_text(reference: str) -> ResponseReturnValue:
    suggestion = open_suggestion(reference)
    row = _text_of(suggestion)
    if row.state is not TextState.AWAITING_APPROVAL:
        raise StaleEditError("This text does not wait for approval any more.")
    form = DecideForm(data={"version": str(row.version)})
    if form.validate_on_submit():
        try:
            flash(_decide(form, row), "success")
            return redirect(url_for("suggestions.list_texts"))
        except (PermissionDeniedError, StaleEditError):
            raise
        except DomainError as error:
            form.add_error(error.message, "decision")
    mine = str(signed_in_user().id) in row.content.writers
    return render_template(
        "suggestions/decide_text.html", form=form, row=row, suggestion=suggestion, mine=mine, **words()
    )


def _decide(form: DecideForm, row: SuggestionText) -> str:
    version, now = form.to_version(), clock.utc_now()
    if form.decision.data == "approve":
        services.approve(row, version=version, approver=signed_in_user(), now=now)
        return "Published"
    services.send_back(row, form.note.data or "", version=version, actor=actor(), now=now)
    return "Text sent back to its author"


@bp.post("/suggestions/<reference>/text/correct")
@requires(Permission.SUGGESTION_ANSWER)
@transactional
def correct_text(reference: str) -> ResponseReturnValue:
    suggestion = open_suggestion(reference)
    row, version = _text_of(suggestion), ReadForm().to_version()
    services.correct_text(row, version=version, actor=actor(), now=clock.utc_now())
    return redirect(url_for("suggestions.edit_text", reference=reference))


@bp.route("/suggestions/<reference>/text/withdraw", methods=["GET", "POST"])
@requires(Permission.SUGGESTION_ANSWER, step_up=True)
@transactional
def withdraw_text(reference: str) -> ResponseReturnValue:
    suggestion = open_suggestion(reference, is_erased_too=True)
    row, item = _text_of(suggestion), queries.find_item_of(suggestion)
    if item is None or item.withdrawn_period is not None:
        raise StaleEditError("Nothing is published about this suggestion any more.")
    form = ReasonForm(data={"version": str(row.version)})
    form.ask("Why is it withdrawn?", "Only staff read this. The public reads that it was withdrawn.", "Withdraw it")
    if form.validate_on_submit():
        reason, version = form.reason.data or "", form.to_version()
        services.withdraw(row, reason, version=version, actor=actor(), now=clock.utc_now())
        flash("Withdrawn", "success")
        return redirect(url_for("suggestions.show_suggestion", reference=reference))
    return render_template("suggestions/withdraw_text.html", form=form, suggestion=suggestion, item=item, **words())


def _text_of(suggestion: Suggestion) -> SuggestionText:
    row = queries.find_text(suggestion)
    if row is None:
        raise NotFoundError
    return row
