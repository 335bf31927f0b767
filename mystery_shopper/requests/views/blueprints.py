"""The blueprint of the registers, and what its pages share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.queries import lock_cases
from mystery_shopper.core.db import is_reading
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.forms import GovForm, as_version
from mystery_shopper.requests.models import InfoRequest
from mystery_shopper.requests.queries import cases_of_pack, get_request
from mystery_shopper.requests.services.register import check_version

bp = Blueprint("requests", __name__)


def open_request(reference: str) -> InfoRequest:
    """Return the request a page is about, locked when it may be changed.

    Raises:
        NotFoundError: there is none, or it was erased: nothing is done with that any more.
    """
    found = get_request(reference, lock=request.method == "POST")
    if found.erased_on is not None:
        raise NotFoundError
    return found


def open_cases(one: InfoRequest) -> None:
    """Open every case a pack is made from as the page of that case is: on record, behind the declaration.

    Raises:
        NotFoundError: one of them is hidden from whoever is signed in.
    """
    user = signed_in_user()
    references = [case.reference for case in cases_of_pack(one, user)]
    if not is_reading():
        lock_cases(references, user)
    for reference in references:
        open_case(reference)


def step(
    one: InfoRequest, form: GovForm, template: str, act: Callable[[], object], done: str, **shown: Any
) -> ResponseReturnValue:
    """Show the form of a step, take it when it is filled in, and go back to the request."""
    if request.method != "POST":
        form["version"].data = str(one.version)
    if form.validate_on_submit():
        try:
            check_version(one, as_version(form["version"]))
            act()
        except DomainError as error:
            form.add_error(error)
        else:
            flash(done, "success")
            return redirect(url_for("requests.show_request", reference=one.reference))
    return render_template(f"requests/{template}.html", one=one, form=form, **shown)
