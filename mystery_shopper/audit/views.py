"""The audit page: who did what, without a word of content."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mystery_shopper.audit import queries, services
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import TIMED_OUT, GovForm
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.core.text import clean_line

bp = Blueprint("audit", __name__, url_prefix="/audit")

LONGEST_FILTER = 80
UNSTORABLE = "\ufffd"


@bp.get("")
@requires(Permission.AUDIT_READ)
def list_entries() -> ResponseReturnValue:
    actor, action = _filter("actor"), _filter("action")
    page = queries.list_entries(actor=actor, action=action, cursor_text=request.args.get("cursor"))
    return render_template("audit/list_entries.html", page=page, actor=actor, action=action, actions=list(Action))


@bp.post("/verify")
@requires(Permission.AUDIT_READ)
def verify_log() -> ResponseReturnValue:
    if not GovForm().validate_on_submit():
        raise DomainError(TIMED_OUT)
    result = services.verify_log(actor=current_user.actor, now=clock.utc_now())
    flash(result.summary, "success" if result.is_whole else "error")
    return redirect(url_for("audit.list_entries"))


def _filter(name: str) -> str:
    """Return a filter of the address; text no database stores becomes a mark that matches nothing."""
    try:
        return clean_line(request.args.get(name, ""))[:LONGEST_FILTER]
    except DomainError:
        return UNSTORABLE
