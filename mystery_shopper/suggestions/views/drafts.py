"""Which draft a page is about: the drafts of this browser's session; a form carries the id of its own.

A page without a draft begins one when its first answer is saved. A draft that is not here any more (the session ended)
is asked for by its receipt code, and what was typed goes along.
"""

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.core import clock
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.forms.kept import fields_to_carry
from mystery_shopper.suggestions import queries
from mystery_shopper.suggestions.forms.telling import CodeForm
from mystery_shopper.suggestions.queries import OpenDraft
from mystery_shopper.suggestions.views.blueprints import bp

DRAFTS = "telling_drafts"
CURRENT = "telling_draft"
SENT = "telling_sent"
NEW = "new"
MAX_DRAFTS = 20
CARRIED = frozenset({"csrf_token", "draft", "save", "later", "send", "return_to"})


class DraftNotHereError(NotFoundError):
    """The draft does not belong to this browser's session, or has expired."""


class DraftSentError(NotFoundError):
    """The draft has been sent."""


def open_draft() -> OpenDraft | None:
    """Return the draft this request is about, None before there is one; a request that may write locks it.

    Raises:
        DraftNotHereError: not in this session, or expired.
        DraftSentError: it was sent.
    """
    draft_id = _wanted()
    if not draft_id:
        return None
    if draft_id not in session.get(DRAFTS, []):
        raise DraftNotHereError
    row = queries.find_draft(UUID(draft_id), clock.today(), lock=request.method == "POST")
    if row is None:
        raise DraftNotHereError
    if row.submitted_id is not None:
        raise DraftSentError
    return queries.read_draft(row)


def _wanted() -> str:
    if request.method == "POST":
        return request.form.get("draft", "")
    return "" if request.args.get(NEW) else session.get(CURRENT, "")


def get_draft() -> OpenDraft:
    """Return the draft of a page that needs one.

    Raises:
        DraftNotHereError, DraftSentError: as `open_draft`; also when no page was saved yet.
    """
    draft = open_draft()
    if draft is None:
        raise DraftNotHereError
    return draft


def remember(draft: OpenDraft) -> None:
    """Make a draft this browser's current one; a new one goes on under a new token (nobody else's)."""
    draft_id = str(draft.row.id)
    known = session.get(DRAFTS, [])
    if draft_id not in known:
        session[DRAFTS] = [*known[-(MAX_DRAFTS - 1) :], draft_id]
        current_session().renew()
    session[CURRENT] = draft_id
    session.pop(SENT, None)


def forget(draft: OpenDraft, *, sent: bool = False) -> None:
    """Leave a draft: nobody else at this computer goes on with it. One that was sent stays known, to say so."""
    draft_id = str(draft.row.id)
    if not sent:
        session[DRAFTS] = [known for known in session.get(DRAFTS, []) if known != draft_id]
    if session.get(CURRENT) == draft_id:
        session.pop(CURRENT)


@bp.errorhandler(DraftSentError)
def show_sent(_error: DraftSentError) -> ResponseReturnValue:
    """Lead somebody who comes back to a draft that was sent to its end."""
    return redirect(url_for("suggestions.done"))


@bp.errorhandler(DraftNotHereError)
def offer_return(_error: DraftNotHereError) -> ResponseReturnValue:
    """Offer to come back by receipt code; what was typed on a page goes along."""
    if request.method != "POST":
        return redirect(url_for("suggestions.open_receipt"))
    form = CodeForm(formdata=None, page=(request.view_args or {}).get("slug", ""))
    page = render_template("suggestions/draft_not_here.html", form=form, kept=fields_to_carry(CARRIED))
    return page, HTTPStatus.CONFLICT
