"""The receipt of Tell us How: taking a suggestion back, objecting to publication, and what is held."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.suggestions import queries, services
from mystery_shopper.suggestions.forms.telling import ConfirmForm
from mystery_shopper.suggestions.states import WITHDRAWABLE
from mystery_shopper.suggestions.views.blueprints import bp
from mystery_shopper.suggestions.views.receipt import opened, what_was_told


@bp.route("/tell-us-how/receipt/withdraw", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def withdraw_suggestion() -> ResponseReturnValue:
    suggestion = opened()
    if suggestion is None:
        return redirect(url_for("suggestions.open_receipt"))
    form = ConfirmForm()
    form.say(_("Take it back"))
    if form.validate_on_submit():
        services.withdraw_suggestion(suggestion.id, now=clock.reporter_now())
        flash(str(_("You have taken back what you told us")), "success")
        return redirect(url_for("suggestions.show_receipt"))
    return render_template("suggestions/withdraw_suggestion.html", form=form, is_open=suggestion.state in WITHDRAWABLE)


@bp.route("/tell-us-how/receipt/object", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def object_to_publication() -> ResponseReturnValue:
    suggestion = opened()
    if suggestion is None:
        return redirect(url_for("suggestions.open_receipt"))
    form = ConfirmForm()
    form.say(_("Ask you not to publish"))
    if form.validate_on_submit():
        services.object_to_publication(suggestion.id, now=clock.reporter_now())
        flash(str(_("We know that you do not want anything published")), "success")
        return redirect(url_for("suggestions.show_receipt"))
    return render_template(
        "suggestions/object_to_publication.html",
        form=form,
        suggestion=suggestion,
        item=queries.find_item_of(suggestion),
    )


@bp.get("/tell-us-how/receipt/held")
@public
def show_held() -> ResponseReturnValue:
    suggestion = opened()
    if suggestion is None:
        return redirect(url_for("suggestions.open_receipt"))
    replies = [line for line in queries.timeline_of(suggestion) if line.is_reply]
    return render_template("suggestions/show_held.html", told=what_was_told(suggestion), replies=replies)
