"""What a page does with a text that the disclosure gate stopped: ask a second person, and take up what was let out."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.forms import ASKED, GatedForm
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.overrides import texts_let_out
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.services import ask_override
from mystery_shopper.core import clock

PANEL = "stopped"
"""Where a case shows the texts that were stopped."""


def let_out(case: Case) -> dict[str, str]:
    """Return the texts by field that the address of this page names as let out, to begin the form with."""
    return texts_let_out(case, request.args.get("override", ""))


def ask_second_person(case: Case, stopped: DisclosureError, form: GatedForm) -> ResponseReturnValue:
    """Put a text before a second person and go back to the case."""
    reason, by = form.override_reason.data, signed_in_user()
    ask_override(case, stopped, reason, page=request.path, by=by, now=clock.utc_now())
    flash(ASKED, "success")
    return redirect(panel_path(case.reference, PANEL))
