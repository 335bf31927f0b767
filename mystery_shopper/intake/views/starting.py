"""Before the questions: what this is, the scope check's answer, the task list."""

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.evidence.queries import Holder, count_files
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
        about, is_short = form.about.data or "", bool(form.short.data)
        draft = services.start_draft(about=about, is_short=is_short, now=clock.reporter_now())
        number = remember(draft.row.id)
        if draft.answers.is_short:
            return redirect(link("intake.report_briefly", number))
        first = journey.pages(draft.answers, queries.families())[0]
        return redirect(address_of(first.slug, number))
    if request.method != "POST":
        form.about.data = request.args.get("about", "")
    is_request = form.about.data == journey.RIGHT_TO_PROVIDE
    drafts = sorted(map(int, session.get(DRAFTS, {})))
    return render_template("intake/start.html", form=form, open_drafts=drafts, is_request=is_request)


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
        files=count_files(Holder(draft_id=draft.row.id)),
        address_of=address_of,
        link=link,
        return_to=request.args.get("return_to", ""),
    )
