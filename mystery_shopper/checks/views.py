"""Check a requirement: one address, nothing stored, nothing remembered between two requests."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.checks.forms import FIRST_FACTS, CheckForm, check_form
from mystery_shopper.checks.policy import START_FACT, Check, judge_requirement, read_requirement
from mystery_shopper.core import clock
from mystery_shopper.core.languages import current
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.facts.registry import registry

bp = Blueprint("checks", __name__)
ADDRESS = "/check-a-requirement"
SEEN_MAX = 4000


@bp.route(ADDRESS, methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
def check() -> ResponseReturnValue:
    if request.method != "POST":
        return _draw_start(check_form(FIRST_FACTS, values={START_FACT: clock.today()}))
    shown = tuple(request.form.get("shown", "")[:SEEN_MAX].split())
    form = check_form(shown or FIRST_FACTS)
    if request.form.get("edit"):
        return _draw_start(check_form(FIRST_FACTS, values=form.facts(), text=form.requirement.data or ""))
    is_first = not set(shown) - set(FIRST_FACTS)
    if is_first and form.is_redrawn:
        return _draw_start(form)
    if not form.validate_on_submit():
        return _draw_start(form) if is_first else _draw_result(form, None)
    read = read_requirement if is_first else judge_requirement
    found = read(form.requirement.data, form.facts(), today=clock.today(), language=current())
    read_facts = tuple(finding.fact_id for finding in found.findings)
    asked = (*FIRST_FACTS, *read_facts, *shown, *found.open_facts)
    filled = check_form(asked, values=found.facts, text=found.text)
    return _draw_result(filled, found)


def _draw_start(form: CheckForm) -> ResponseReturnValue:
    return render_template("checks/start.html", form=form)


def _draw_result(form: CheckForm, found: Check | None) -> ResponseReturnValue:
    """Draw the result; without one, the facts alone with what is wrong in them."""
    read = {finding.fact_id: finding for finding in found.findings} if found else {}
    return render_template("checks/result.html", form=form, found=found, read=read, facts=registry())
