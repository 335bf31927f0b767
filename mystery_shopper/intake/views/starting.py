"""Before the questions: what this is, the scope check's answer, the task list."""

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.intake import forms, journey, queries, scope, services
from mystery_shopper.intake.views.blueprints import bp
from mystery_shopper.intake.views.drafts import DRAFTS, link, number_of, open_current, remember
from mystery_shopper.intake.views.pages import address_of


@bp.route("", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def start() -> ResponseReturnValue:
    form = forms.StartForm()
    if form.validate_on_submit():
        draft = services.start_draft(is_short=bool(form.short.data), now=clock.reporter_now())
        number = remember(draft.row.id)
        if draft.answers.is_short:
            return redirect(link("intake.report_briefly", number))
        first = journey.pages(draft.answers, queries.families())[0]
        return redirect(address_of(first.slug, number))
    return render_template("intake/start.html", form=form, open_drafts=sorted(map(int, session.get(DRAFTS, {}))))


@bp.route("/scope-result")
@public
def scope_result() -> ResponseReturnValue:
    draft = open_current()
    number = number_of(draft.row.id)
    answered = journey.scope_path(draft.answers)
    given = queries.scope_given(draft.answers)
    result = scope.decide(given)
    if result is None:
        question = scope.next_question(given)
        return redirect(address_of(journey.scope_slug(question or ""), number))
    gap = journey.first_gap(draft.answers, queries.families())
    onward = address_of(gap.slug, number) if gap else link("intake.check", number)
    by_register = given.get("body") != answered.get("body")
    back = address_of(journey.AUTHORITY if by_register else journey.scope_slug(list(given)[-1]), number)
    return render_template(
        "intake/scope_result.html",
        scope=result,
        onward=onward,
        back=back,
        register_name=queries.authority_name(draft.answers) if by_register else "",
    )


@bp.route("/tasks")
@public
def tasks() -> ResponseReturnValue:
    draft = open_current()
    number = number_of(draft.row.id)
    sections = journey.sections(draft.answers, queries.families())
    gap = journey.first_gap(draft.answers, queries.families())
    return render_template(
        "intake/tasks.html",
        sections=sections,
        gap=gap,
        number=number,
        expires_on=draft.row.expires_on,
        address_of=address_of,
        link=link,
        return_to=request.args.get("return_to", ""),
    )
