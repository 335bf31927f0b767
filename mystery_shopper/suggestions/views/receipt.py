"""The receipt of Tell us How: back to a draft, where a suggestion stands, the answer, and writing again."""

import uuid
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import TIMED_OUT
from mystery_shopper.core.forms.kept import carried_fields
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited, note_code
from mystery_shopper.core.permissions import public
from mystery_shopper.suggestions import journey, queries, services
from mystery_shopper.suggestions.bodies import UNKNOWN_BODY
from mystery_shopper.suggestions.events import CLOSED_WORDS, REPLY_WORDS
from mystery_shopper.suggestions.forms.telling import CodeForm, ReplyForm
from mystery_shopper.suggestions.models import Suggestion, SuggestionDraft
from mystery_shopper.suggestions.policy import FORCED_BY_LABELS, RESULT_LABELS, in_pounds
from mystery_shopper.suggestions.states import COLOURS, PUBLIC_SENTENCES, WITHDRAWABLE, state_label
from mystery_shopper.suggestions.views.blueprints import bp
from mystery_shopper.suggestions.views.drafts import remember
from mystery_shopper.suggestions.views.telling import draw_step, make_form

OPEN = "telling_open"
OPENED = "telling_opened"
OPEN_FOR = timedelta(hours=1)
NO_SUCH_CODE = _("Check the code: we cannot find anything sent or saved through Tell us how with it")


@bp.route("/tell-us-how/receipt", methods=["GET", "POST"])
@public
@limited(Limit.RECEIPT)
@transactional
def open_receipt() -> ResponseReturnValue:
    form = CodeForm()
    if form.validate_on_submit():
        found = _find(form)
        if isinstance(found, SuggestionDraft):
            return _go_on(found, form)
        if found is not None:
            session[OPEN] = str(found.id)
            session[OPENED] = clock.utc_now().isoformat()
            current_session().renew()
            return redirect(url_for("suggestions.show_receipt"))
    return render_template("suggestions/open_receipt.html", form=form, kept=list(carried_fields().items(multi=True)))


def _find(form: CodeForm) -> Suggestion | SuggestionDraft | None:
    """Return what a code opens. Both tables are always asked, so that the time tells nothing."""
    try:
        code = receipts.parse(form.code.data or "")
    except DomainError as error:
        form.add_error(error)
        return None
    mac = receipts.digest(code)
    suggestion, draft = queries.find_by_receipt(mac), queries.find_draft_by_code(mac, clock.today())
    is_right = suggestion is not None or draft is not None
    note_code(is_right)
    if not is_right:
        form.add_error(NO_SUCH_CODE, "code")
    return suggestion or draft


def _go_on(row: SuggestionDraft, form: CodeForm) -> ResponseReturnValue:
    """Open a draft in this browser: its task list, or the page that was lost with what was typed on it."""
    draft = queries.read_draft(row)
    remember(draft)
    kept = carried_fields()
    step = journey.find_step(form.page.data or "")
    if step is None or not kept:
        return redirect(url_for("suggestions.show_tasks"))
    shown = make_form(step, draft, formdata=MultiDict(kept))
    shown.draft.data = str(row.id)
    shown.add_error(TIMED_OUT)
    return draw_step(step, shown, draft)


@bp.get("/tell-us-how/receipt/status")
@public
def show_receipt() -> ResponseReturnValue:
    suggestion = opened()
    if suggestion is None:
        return redirect(url_for("suggestions.open_receipt"))
    return render_template(
        "suggestions/show_receipt.html",
        suggestion=suggestion,
        told=what_was_told(suggestion),
        sentence=PUBLIC_SENTENCES[suggestion.state],
        state=state_label(suggestion.state),
        colour=COLOURS[suggestion.state],
        result=RESULT_LABELS[suggestion.result] if suggestion.result else "",
        lines=[line for line in queries.timeline_of(suggestion) if line.receipt_sentence],
        closed_words=CLOSED_WORDS,
        reply_words=REPLY_WORDS,
        item=queries.find_item_of(suggestion),
        can_withdraw=suggestion.state in WITHDRAWABLE,
    )


def what_was_told(suggestion: Suggestion) -> list[tuple[str, object]]:
    """Return what the commissioner wrote, as lines of a page."""
    content = suggestion.content
    return [
        (_("Forced by"), content.forced_by_other or FORCED_BY_LABELS[suggestion.forced_by]),
        (_("Imposed by"), content.body_other or journey.body_title(suggestion.body_id or UNKNOWN_BODY)),
        (_("About"), journey.family_title(suggestion.family)),
        (_("Rule"), journey.rule_title(suggestion.rule_id) or _("None chosen")),
        (_("What has to be asked for"), content.requirement),
        (_("What you would rather do"), content.would_rather),
        (_("Value of one contract"), in_pounds(suggestion.value_pence)),
        (_("Tenders affected in a year"), suggestion.tenders),
        (_("Your authority (sealed)"), content.authority),
        (_("Words that would point to you (sealed)"), content.giveaways),
    ]


@bp.route("/tell-us-how/receipt/reply", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def reply() -> ResponseReturnValue:
    suggestion = opened()
    if suggestion is None:
        return redirect(url_for("suggestions.open_receipt"))
    form = ReplyForm()
    if not suggestion.answer:
        form.without_answer()
    if form.validate_on_submit():
        try:
            services.reply(suggestion, form.text.data or "", form.to_helped(), now=clock.reporter_now())
        except DomainError as error:
            form.add_error(error)
        else:
            flash(_("We have received what you wrote"), "success")
            return redirect(url_for("suggestions.show_receipt"))
    return render_template("suggestions/reply.html", form=form, suggestion=suggestion)


def opened() -> Suggestion | None:
    """Return the suggestion whose receipt is open in this browser; None when there is none, or no longer."""
    since, suggestion_id = session.get(OPENED), session.get(OPEN)
    if not since or not suggestion_id or clock.utc_now() - datetime.fromisoformat(since) > OPEN_FOR:
        return None
    return queries.find_suggestion(uuid.UUID(suggestion_id))
