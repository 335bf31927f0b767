"""Which draft a page is about: the drafts of this browser's session, and addresses that keep two tabs apart.

A draft has a small number within its session; addresses carry the number (left out for the first), forms carry the
draft's own id. Neither means anything to another browser.
"""

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.core import clock
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.forms.kept import fields_to_carry, typed_texts
from mystery_shopper.intake import queries
from mystery_shopper.intake.forms import ReturnForm
from mystery_shopper.intake.queries import OpenDraft
from mystery_shopper.intake.views.blueprints import bp

DRAFTS = "drafts"
MAX_DRAFTS = 20
CARRIED = frozenset({"csrf_token", "draft", "seen", "save", "later", "steps", "longer", "search", "send"})


class DraftNotHereError(NotFoundError):
    """The draft does not belong to this browser's session, or the session has ended."""


class DraftSentError(NotFoundError):
    """The draft has become a report."""


class DraftIsShortError(NotFoundError):
    """The draft is written on one page, and the page that was asked for is not that page."""


class DraftIsLongError(NotFoundError):
    """The draft is answered question by question, and the page that was asked for is the short one."""


def number_of(draft_id: UUID) -> int:
    """Return the draft's number in this session.

    Raises:
        DraftNotHereError: it is not one of this session's.
    """
    for number, known in session.get(DRAFTS, {}).items():
        if known == str(draft_id):
            return int(number)
    raise DraftNotHereError


def remember(draft_id: UUID) -> int:
    """Add a draft to this session and return its number; the session goes on under a new token (nobody else's)."""
    known: dict[str, str] = dict(session.get(DRAFTS, {}))
    for number, existing in known.items():
        if existing == str(draft_id):
            return int(number)
    number = str(max((int(key) for key in known), default=0) + 1)
    kept = dict(list(known.items())[-(MAX_DRAFTS - 1) :])
    session[DRAFTS] = {**kept, number: str(draft_id)}
    current_session().renew()
    return int(number)


def forget(draft_id: UUID) -> None:
    """Take a draft out of this session."""
    session[DRAFTS] = {number: known for number, known in session.get(DRAFTS, {}).items() if known != str(draft_id)}


def link(endpoint: str, number: int, **values: str) -> str:
    """Return the address of a page of one draft."""
    extra: dict[str, object] = {"draft": number} if number != 1 else {}
    return url_for(endpoint, **values, **extra)  # type: ignore[arg-type]


def current_id() -> UUID:
    """Return the id of the draft this request is about: a form says which, an address gives the number.

    Raises:
        DraftNotHereError: this browser's session does not have it.
    """
    known: dict[str, str] = session.get(DRAFTS, {})
    wanted = request.form.get("draft") if request.method == "POST" else known.get(request.args.get("draft", "1"))
    if wanted is None or wanted not in known.values():
        raise DraftNotHereError
    return UUID(wanted)


def open_current(*, any_length: bool = False) -> OpenDraft:
    """Return the draft this request is about; a request that may write locks it.

    Raises:
        DraftNotHereError: not in this session, or expired.
        DraftSentError: it was sent.
        DraftIsShortError: it is written on one page (not with `any_length`).
    """
    row = queries.find_draft(current_id(), clock.today(), lock=request.method == "POST")
    if row is None:
        raise DraftNotHereError
    if row.is_submitted:
        raise DraftSentError
    draft = queries.read_draft(row)
    if draft.answers.is_short and not any_length:
        raise DraftIsShortError
    return draft


@bp.errorhandler(DraftIsShortError)
def show_short(_error: DraftIsShortError) -> ResponseReturnValue:
    """Lead to the one page of a short report."""
    return redirect(link("intake.report_briefly", number_of(current_id())))


@bp.errorhandler(DraftIsLongError)
def show_steps(_error: DraftIsLongError) -> ResponseReturnValue:
    """Lead to the steps of a report that is answered question by question."""
    return redirect(link("intake.tasks", number_of(current_id())))


@bp.errorhandler(DraftSentError)
def show_sent(_error: DraftSentError) -> ResponseReturnValue:
    """Lead somebody who comes back to a sent draft to its result, whatever page they opened; with words, say so."""
    kept = typed_texts()
    if kept:
        address = link("intake.done", number_of(current_id()))
        return render_template("intake/sent_already.html", kept=kept, address=address), HTTPStatus.CONFLICT
    return redirect(link("intake.done", number_of(current_id())))


@bp.errorhandler(DraftNotHereError)
def offer_return(_error: DraftNotHereError) -> ResponseReturnValue:
    """Offer to come back by receipt code; what was typed on a page goes along."""
    kept = fields_to_carry(CARRIED) if request.method == "POST" else []
    form = ReturnForm(formdata=None, page=request.path.removeprefix(f"{bp.url_prefix}/"))
    page = render_template("intake/draft_not_here.html", form=form, kept=kept)
    return page, HTTPStatus.CONFLICT if kept else HTTPStatus.NOT_FOUND
