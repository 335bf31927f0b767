"""The cases of mutuals, of those who plan one and of pathfinders, counted as a group."""

from flask import render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.guidance.queries import count_mutuals
from mystery_shopper.guidance.states import STATE_LABELS
from mystery_shopper.guidance.views import bp
from mystery_shopper.rules.loading import catalogue


@bp.get("/mutuals")
@requires(Permission.CASE_READ)
def show_mutuals() -> ResponseReturnValue:
    titles = {rule.id: rule.title for rule in catalogue().rules}
    group = count_mutuals(signed_in_user())
    return render_template("guidance/show_mutuals.html", group=group, titles=titles, labels=STATE_LABELS)
