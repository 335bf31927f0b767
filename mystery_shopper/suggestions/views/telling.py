"""Telling us: one thing per page, each page kept in a sealed draft as soon as it is saved."""

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.forms import TIMED_OUT
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.suggestions import journey, services
from mystery_shopper.suggestions.forms.telling import STEP_FORMS, CheckForm, DraftForm, StepForm
from mystery_shopper.suggestions.journey import CHECK, Answers, Step
from mystery_shopper.suggestions.policy import MOST_POUNDS, PENCE
from mystery_shopper.suggestions.queries import OpenDraft
from mystery_shopper.suggestions.views.blueprints import bp
from mystery_shopper.suggestions.views.drafts import CURRENT, SENT, forget, get_draft, open_draft, remember

PENCE_DIGITS = 14
STEPS_BY_SLUG = {step.slug: step for step in journey.STEPS}


@bp.get("/tell-us-how")
@public
def start() -> ResponseReturnValue:
    return render_template("suggestions/start.html", first=journey.STEPS[0].slug, has_draft=CURRENT in session)


@bp.get("/tell-us-how/tasks")
@public
def show_tasks() -> ResponseReturnValue:
    draft = get_draft()
    return render_template(
        "suggestions/show_tasks.html",
        tasks=journey.tasks(draft.answers),
        gap=journey.first_gap(draft.answers),
        expires_on=draft.row.expires_on,
    )


@bp.route("/tell-us-how/<slug>", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def show_step(slug: str) -> ResponseReturnValue:
    step = journey.find_step(slug)
    if step is None:
        raise NotFoundError
    draft = open_draft()
    form = make_form(step, draft)
    if form.validate_on_submit():
        saved = _save(draft, step, form)
        if saved is not None:
            return redirect(_following(saved, step, form))
    return draw_step(step, form, draft)


def make_form(step: Step, draft: OpenDraft | None, formdata: MultiDict[str, str] | None = None) -> StepForm:
    """Return the form of a page, filled with the stored answers; what the browser sent comes first."""
    answers = draft.answers if draft else Answers()
    kind = STEP_FORMS[step.slug]
    carried = {"draft": str(draft.row.id) if draft else "", "return_to": request.args.get("return_to", "")}
    given = {} if formdata is None else {"formdata": formdata}
    form = kind(data={**kind.stored(answers), **carried}, **given)
    form.offer(answers)
    return form


def draw_step(step: Step, form: StepForm, draft: OpenDraft | None) -> ResponseReturnValue:
    """Draw a page of the journey."""
    previous = journey.previous_slug(step, draft.answers if draft else Answers())
    back = url_for("suggestions.show_step", slug=previous) if previous else url_for("suggestions.start")
    if form.return_to.data == CHECK:
        back = url_for("suggestions.check")
    return render_template("suggestions/show_step.html", form=form, step=step, back=back, has_draft=draft is not None)


def _save(draft: OpenDraft | None, step: Step, form: StepForm) -> OpenDraft | None:
    """Keep the answers of a page, in a new draft if it is the first; None when they were refused."""
    now = clock.reporter_now()
    given = {name: str(form[name].data or "") for name in step.fields}
    opened = draft or services.start_draft(now=now)
    try:
        saved = services.save_answers(opened, opened.answers.with_page(step.slug, given), now=now)
    except DomainError as error:
        form.add_error(error)
        return None
    remember(saved)
    return saved


def _following(draft: OpenDraft, step: Step, form: StepForm) -> str:
    """Return where a saved page leads: the receipt code, on, or back to the answers."""
    if form.later.data:
        return url_for("suggestions.save_for_later")
    slug = journey.next_slug(step, draft.answers)
    if slug == CHECK:
        return url_for("suggestions.check")
    return url_for("suggestions.show_step", slug=slug, return_to=CHECK if form.return_to.data == CHECK else None)


@bp.post("/tell-us-how/from-check")
@public
@limited(Limit.REPORT)
@transactional
def take_over() -> ResponseReturnValue:
    # A requirement that was checked: nothing of it was kept until now. One too long to send comes back, uncut.
    step = STEPS_BY_SLUG["requirement"]
    form = make_form(step, None)
    if DraftForm().validate_on_submit():
        draft = services.start_draft(now=clock.reporter_now())
        draft = services.save_answers(draft, _checked_answers(), now=clock.reporter_now())
        remember(draft)
        form.draft.data = str(draft.row.id)
        if form.validate():
            _save(draft, step, form)
            return redirect(url_for("suggestions.show_tasks"))
        return draw_step(step, form, draft)
    form.add_error(TIMED_OUT)
    return draw_step(step, form, None)


def _checked_answers() -> Answers:
    """Return what the check knew beside the text: the rule it objected with, and the value of the contract."""
    rule = request.form.get("rule", "")
    family = journey.family_of_rule(rule)
    answers = Answers()
    if family:
        answers = answers.with_page("about", {"family": family}).with_page("rule", {"rule": rule})
    value, most = request.form.get("value", ""), MOST_POUNDS * PENCE
    if value.isascii() and value.isdigit() and len(value) <= PENCE_DIGITS and PENCE <= int(value) <= most:
        answers = Answers({**answers.values, "value_pence": str(int(value))}, answers.saved)
    return answers


@bp.route("/tell-us-how/check", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def check() -> ResponseReturnValue:
    draft = get_draft()
    form = CheckForm(data={"draft": str(draft.row.id)})
    gap = journey.first_gap(draft.answers)
    if form.is_submitted() and gap is not None:
        return redirect(url_for("suggestions.show_step", slug=gap.slug, return_to=CHECK))
    if form.validate_on_submit():
        services.submit_draft(draft.row.id, now=clock.reporter_now())
        forget(draft, sent=True)
        session[SENT] = True
        return redirect(url_for("suggestions.done"))
    rows = [
        (title, answer, url_for("suggestions.show_step", slug=slug, return_to=CHECK))
        for title, answer, slug in journey.lines(draft.answers)
    ]
    return render_template("suggestions/check.html", form=form, rows=rows, code=draft.code, gap=gap)


@bp.route("/tell-us-how/save", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def save_for_later() -> ResponseReturnValue:
    draft = get_draft()
    form = DraftForm(data={"draft": str(draft.row.id)})
    if form.validate_on_submit():
        forget(draft)
        return redirect(url_for("suggestions.start"))
    return render_template(
        "suggestions/save_for_later.html", form=form, code=draft.code, expires_on=draft.row.expires_on
    )


@bp.get("/tell-us-how/done")
@public
def done() -> ResponseReturnValue:
    if not session.get(SENT):
        return redirect(url_for("suggestions.start"))
    return render_template("suggestions/done.html")


@bp.get("/tell-us-how/slip")
@public
def show_slip() -> ResponseReturnValue:
    return render_template("suggestions/show_slip.html", code=get_draft().code)
