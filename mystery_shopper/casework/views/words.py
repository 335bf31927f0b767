"""The words that must not leave a case: what the disclosure gate looks for, and the list that caseworkers keep."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases import services
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.words import get_word
from mystery_shopper.casework.forms import WordForm
from mystery_shopper.casework.queries.words import show_words
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires


@bp.route("/cases/<reference>/words", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def keep_words(reference: str) -> ResponseReturnValue:
    case, user = open_case(reference), signed_in_user()
    form = WordForm()
    if form.validate_on_submit():
        try:
            services.guard_word(case, form.word.data, by=user, now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            flash("Word added. A text that holds it is stopped from now on", "success")
            return redirect(url_for("casework.keep_words", reference=reference))
    return render_template("casework/keep_words.html", case=case, form=form, page=show_words(case, user))


@bp.post("/cases/<reference>/words/<uuid:word_id>/take-off")
@requires(Permission.CASE_WORK)
@transactional
def take_off_word(reference: str, word_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    services.take_off_word(case, get_word(case, word_id), by=signed_in_user(), now=clock.utc_now())
    flash("Word taken off the list", "success")
    return redirect(url_for("casework.keep_words", reference=reference))
