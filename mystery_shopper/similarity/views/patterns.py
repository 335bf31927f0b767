"""Repeat patterns: the list for senior caseworkers, and the answer to one from the page of a case."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import as_submission, as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.similarity import services
from mystery_shopper.similarity.forms import PatternForm
from mystery_shopper.similarity.models import PatternAnswer
from mystery_shopper.similarity.patterns import Pattern, all_patterns, patterns_of
from mystery_shopper.similarity.policy import Threshold, thresholds
from mystery_shopper.similarity.views.blueprints import bp


@bp.get("/repeat-patterns")
@requires(Permission.CASE_ALLOCATE)
def list_patterns() -> ResponseReturnValue:
    return render_template(
        "similarity/list_patterns.html",
        patterns=all_patterns(signed_in_user(), today=clock.today()),
        today=clock.today(),
        cases=thresholds()[Threshold.REPEAT_CASES],
        months=thresholds()[Threshold.REPEAT_MONTHS],
    )


@bp.route("/cases/<reference>/pattern", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def decide_pattern(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    patterns = patterns_of(case.authority, signed_in_user(), today=clock.today())
    form = PatternForm()
    form.offer(patterns)
    if request.method != "POST":
        form.version.data, form.submission_id.data = str(case.version), str(uuid4())
    if form.validate_on_submit():
        try:
            return _save(case, patterns, form)
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
    return render_template(
        "similarity/decide_pattern.html", case=case, form=form, patterns=patterns, today=clock.today()
    )


def _save(case: Case, patterns: list[Pattern], form: PatternForm) -> ResponseReturnValue:
    decision = services.decide_pattern(
        case,
        next(one for one in patterns if one.key == form.pattern.data),
        PatternAnswer(form.answer.data),
        reason=form.reason.data,
        version=as_version(form.version),
        submission_id=as_submission(form.submission_id),
        decider=signed_in_user(),
        now=clock.utc_now(),
    )
    flash("Referral recorded" if decision.answer is PatternAnswer.REFERRED else "Answer recorded", "success")
    return redirect(url_for("casework.show_case", reference=case.reference))
