"""The receipt of Tell us How: where it stands, and the answer."""

import uuid
from datetime import datetime, timedelta

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.suggestions import forms, queries
from mystery_shopper.suggestions.journey import family_title
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import FORCED_BY_LABELS, VALUE_BAND_LABELS
from mystery_shopper.suggestions.states import PUBLIC_SENTENCES, state_label
from mystery_shopper.suggestions.views.blueprints import bp

OPEN = "telling_open"
OPENED = "telling_opened"
OPEN_FOR = timedelta(hours=1)
NO_SUCH_CODE = "Check the code: we cannot find anything sent through Tell us how with it"


@bp.route("/tell-us-how/receipt", methods=["GET", "POST"])
@public
@limited(Limit.RECEIPT)
@transactional
def open_receipt() -> ResponseReturnValue:
    form = forms.CodeForm()
    if form.validate_on_submit():
        suggestion = _find(form)
        if suggestion is not None:
            session[OPEN] = str(suggestion.id)
            session[OPENED] = clock.utc_now().isoformat()
            current_session().renew()
            return redirect(url_for("suggestions.show_receipt"))
    return render_template("suggestions/open_receipt.html", form=form)


def _find(form: forms.CodeForm) -> Suggestion | None:
    try:
        code = receipts.parse(form.code.data or "")
    except DomainError as error:
        form.add_error(error)
        return None
    suggestion = queries.find_by_receipt(receipts.digest(code))
    if suggestion is None:
        form.add_error(NO_SUCH_CODE, "code")
    return suggestion


@bp.get("/tell-us-how/receipt/status")
@public
def show_receipt() -> ResponseReturnValue:
    suggestion = _opened()
    if suggestion is None:
        return redirect(url_for("suggestions.open_receipt"))
    return render_template(
        "suggestions/show_receipt.html",
        suggestion=suggestion,
        content=suggestion.content,
        sentence=PUBLIC_SENTENCES[suggestion.state],
        state=state_label(suggestion.state),
        forced_by=FORCED_BY_LABELS[suggestion.forced_by],
        family=family_title(suggestion.family),
        value_band=VALUE_BAND_LABELS[suggestion.value_band],
    )


def _opened() -> Suggestion | None:
    opened, suggestion_id = session.get(OPENED), session.get(OPEN)
    if not opened or not suggestion_id or clock.utc_now() - datetime.fromisoformat(opened) > OPEN_FOR:
        return None
    return queries.find_suggestion(uuid.UUID(suggestion_id))
