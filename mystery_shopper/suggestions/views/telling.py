"""Telling us: one thing per page, answers in the visitor's session until they are sent."""

from uuid import UUID

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock, receipts
from mystery_shopper.core.db import new_id, transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.forms import GovForm
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.suggestions import forms, journey, services
from mystery_shopper.suggestions.policy import ForcedBy, SuggestionContent, ValueBand
from mystery_shopper.suggestions.views.blueprints import bp

ANSWERS = "telling"
SENT = "telling_sent"
CODE = "code"
SUBMISSION = "submission"
FORMS: dict[str, type[GovForm]] = {
    "force": forms.ForceForm,
    "about": forms.FamilyForm,
    "requirement": forms.RequirementForm,
    "instead": forms.InsteadForm,
    "value": forms.ValueForm,
    "authority": forms.AuthorityForm,
}


@bp.get("/tell-us-how")
@public
def start() -> ResponseReturnValue:
    return render_template("suggestions/start.html", first=journey.STEPS[0].slug)


@bp.route("/tell-us-how/<slug>", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def show_step(slug: str) -> ResponseReturnValue:
    step = journey.find_step(slug)
    if step is None:
        raise NotFoundError
    answers = _answers()
    form = FORMS[slug](data=answers)
    if isinstance(form, forms.FamilyForm):
        form.offer(journey.family_options())
    if form.validate_on_submit():
        given = {name: form[name].data or "" for name in step.fields}
        try:
            _refuse_own_code(given, answers)
        except DomainError as error:
            form.add_error(error)
        else:
            answers.update(given)
            _keep(answers)
            return redirect(_address(journey.next_slug(step, answers)))
    previous = journey.previous_slug(step)
    back = url_for("suggestions.show_step", slug=previous) if previous else url_for("suggestions.start")
    return render_template("suggestions/show_step.html", form=form, step=step, back=back)


@bp.route("/tell-us-how/check", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def check() -> ResponseReturnValue:
    answers = _answers()
    gap = journey.first_gap(answers)
    if gap is not None:
        done = session.get(SENT) and not answers
        return redirect(url_for("suggestions.done") if done else _address(gap.slug))
    form = forms.CheckForm()
    if form.validate_on_submit():
        services.file_suggestion(_to_suggestion(answers), now=clock.reporter_now())
        session.pop(ANSWERS, None)
        session[SENT] = True
        return redirect(url_for("suggestions.done"))
    return render_template("suggestions/check.html", form=form, lines=journey.lines(answers), code=answers[CODE])


@bp.get("/tell-us-how/done")
@public
def done() -> ResponseReturnValue:
    if not session.get(SENT):
        return redirect(url_for("suggestions.start"))
    return render_template("suggestions/done.html")


@bp.get("/tell-us-how/slip")
@public
def show_slip() -> ResponseReturnValue:
    answers = _answers()
    if CODE not in answers:
        return redirect(url_for("suggestions.start"))
    return render_template("suggestions/show_slip.html", code=answers[CODE])


def _answers() -> dict[str, str]:
    return dict(session.get(ANSWERS, {}))


def _refuse_own_code(given: dict[str, str], answers: dict[str, str]) -> None:
    if CODE in answers:
        for name, text in given.items():
            receipts.refuse_own_code(text, receipts.digest(answers[CODE]), field=name)


def _keep(answers: dict[str, str]) -> None:
    """Keep the answers in the session; the first ones get the code and the id that makes sending twice one thing."""
    answers.setdefault(CODE, receipts.new_code())
    answers.setdefault(SUBMISSION, str(new_id()))
    session[ANSWERS] = answers


def _address(slug: str) -> str:
    return url_for("suggestions.check") if slug == journey.CHECK else url_for("suggestions.show_step", slug=slug)


def _to_suggestion(answers: dict[str, str]) -> services.NewSuggestion:
    is_other = answers["forced_by"] == ForcedBy.OTHER
    return services.NewSuggestion(
        submission_id=UUID(answers[SUBMISSION]),
        receipt_mac=receipts.digest(answers[CODE]),
        forced_by=ForcedBy(answers["forced_by"]),
        family=answers["family"],
        value_band=ValueBand(answers["value_band"]),
        content=SuggestionContent(
            requirement=answers["requirement"],
            would_rather=answers["would_rather"],
            forced_by_other=answers.get("forced_by_other", "") if is_other else "",
            authority=answers.get("authority", ""),
        ),
    )
