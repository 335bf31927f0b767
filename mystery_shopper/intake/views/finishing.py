"""The end of the journey: what the rules say, check the answers, send, done, and the slip."""

from collections.abc import Callable

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.cases.queries import get_case_of
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.evidence.queries import Holder
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake import forms, journey, queries, questions, services
from mystery_shopper.intake.answers import (
    AWARD_NOTICE_FACT,
    CANCELLED,
    DEADLINE_FACT,
    START_FACT,
    Answers,
    is_only_about_invoice,
)
from mystery_shopper.intake.forms.pages import CHOICES, KINDS, RAISED, SCOPE_OPTIONS, STAGES
from mystery_shopper.intake.models import Draft
from mystery_shopper.intake.policy import RunningClock, running_clocks
from mystery_shopper.intake.summary import Wording, groups
from mystery_shopper.intake.uploading import show_files
from mystery_shopper.intake.views.blueprints import bp
from mystery_shopper.intake.views.drafts import DraftNotHereError, current_id, link, number_of, open_current
from mystery_shopper.intake.views.pages import CHECK, address_of


@bp.route("/view")
@public
def view() -> ResponseReturnValue:
    draft = open_current()
    found = queries.spot_view(draft.answers)
    return render_template(
        "intake/view.html",
        view=found,
        clocks=clocks_of(draft.answers),
        facts=registry(),
        question_address=question_address(draft.answers, number_of(draft.row.id)),
        number=number_of(draft.row.id),
        link=link,
        last_page=address_of("raised", number_of(draft.row.id)),
    )


def question_address(answers: Answers, number: int) -> Callable[[str], str]:
    """Return a function that gives the address of the question about a fact, empty when reporters are not asked it."""
    more = questions.page_of_questions(answers)

    def address(fact_id: str) -> str:
        if fact_id == "learnt_on":
            return f"{address_of(journey.DATES, number)}#learnt_on"
        if not journey.is_asked(fact_id):
            return ""
        slug = journey.page_of_fact(fact_id, answers, queries.families())
        if slug == journey.MORE and (more is None or fact_id not in more.facts):
            return ""
        return f"{address_of(slug, number)}#{fact_id}"

    return address


def clocks_of(answers: Answers) -> tuple[RunningClock, ...]:
    """Return the clocks that a report does not stop: none of them runs for an invoice."""
    if is_only_about_invoice(answers.scope, answers.barriers):
        return ()
    return running_clocks(
        tender_closes_on=answers.fact_date(DEADLINE_FACT),
        award_notice_on=answers.fact_date(AWARD_NOTICE_FACT),
        started_on=answers.fact_date(START_FACT),
        learnt_on=answers.learnt_date,
        holidays=bank_holidays(),
        today=clock.today(),
        is_cancelled=answers.stage == CANCELLED,
    )


@bp.route("/check", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def check() -> ResponseReturnValue:
    draft = open_current()
    number = number_of(draft.row.id)
    form = forms.CheckForm(data={"draft": str(draft.row.id)})
    gap = journey.first_gap(draft.answers, queries.families())
    if form.is_submitted() and gap is not None:
        return redirect(address_of(gap.slug, number, CHECK))
    if form.validate_on_submit():
        services.submit_draft(draft.row.id, now=clock.reporter_now())
        return redirect(link("intake.done", number))
    return render_template(
        "intake/check.html",
        form=form,
        gap=gap,
        files=show_files(Holder(draft_id=draft.row.id)),
        groups=groups(draft.answers, queries.families(), wording(draft.answers)),
        code=draft.code,
        number=number,
        address_of=address_of,
        link=link,
    )


def wording(answers: Answers) -> Wording:
    """Return what the stored values are called on our pages."""
    return Wording(
        kinds={option.value: option.label for option in KINDS},
        choices={option.value: option.label for option in CHOICES},
        stages={option.value: option.label for option in STAGES},
        scope={option.value: option.label for name in ("body", "yes-no") for option in SCOPE_OPTIONS[name]},
        payment={option.value: option.label for option in SCOPE_OPTIONS["payment"]},
        raised={option.value: option.label for option in RAISED},
        authority=queries.authority_name(answers),
    )


@bp.route("/done")
@public
def done() -> ResponseReturnValue:
    draft = current_draft()
    number = number_of(draft.id)
    if draft.submitted_report_id is None:
        return redirect(link("intake.tasks", number))
    report = queries.get_report(draft.submitted_report_id)
    reference = get_case_of(report).public_reference
    return render_template("intake/done.html", reference=reference, report=report, number=number, link=link)


@bp.route("/slip")
@public
def slip() -> ResponseReturnValue:
    draft = current_draft()
    number = number_of(draft.id)
    if draft.submitted_report_id is None:
        code, reference = queries.read_draft(draft).code, ""
    else:
        code = ""
        reference = get_case_of(queries.get_report(draft.submitted_report_id)).public_reference
    return render_template("intake/slip.html", code=code, reference=reference, number=number, link=link)


def current_draft() -> Draft:
    """Return the draft this page is about, sent or not.

    Raises:
        DraftNotHereError: not in this session, or expired.
    """
    draft = queries.find_draft(current_id(), clock.today())
    if draft is None:
        raise DraftNotHereError
    return draft
