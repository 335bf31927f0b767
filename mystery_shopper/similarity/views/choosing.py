"""Choosing the other case: the first step of every page that is about two cases."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.queries import lock_cases
from mystery_shopper.core.db import is_reading
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.similarity.forms import OtherCaseForm

OTHER = "other"
NOT_SEEN = "Enter the reference of a case that you can see"
SAME = "Enter the reference of another case"


def open_pair(reference: str) -> tuple[Case, Case | None]:
    """Return the case of a page and the other one its address names, None when it names none to be seen.

    Both are locked before they are changed, always in the same order, and both are on record as opened.
    """
    named = request.args.get(OTHER, "").strip()
    if named and not is_reading():
        lock_cases([reference, named], signed_in_user())
    return open_case(reference), _open_other(reference, named)


def _open_other(reference: str, named: str) -> Case | None:
    if not named or named == reference:
        return None
    try:
        return open_case(named)
    except NotFoundError:
        return None


def choose_other(case: Case, title: str) -> ResponseReturnValue:
    """Ask for the other case; once it is named, the page goes on with it."""
    named = request.args.get(OTHER, "").strip()
    form = OtherCaseForm(data={OTHER: named})
    if form.validate_on_submit():
        wanted = form.other.data.strip()
        if wanted != case.reference and _open_other(case.reference, wanted) is not None:
            return redirect(url_for(str(request.endpoint), reference=case.reference, other=wanted))
        form.add_error(SAME if wanted == case.reference else NOT_SEEN, OTHER)
    elif named and request.method != "POST":
        form.add_error(SAME if named == case.reference else NOT_SEEN, OTHER)
    return render_template("similarity/choose_other.html", case=case, form=form, page_title=title)
