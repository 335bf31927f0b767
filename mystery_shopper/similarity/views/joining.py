"""Join two cases, take them apart, take one report out. Each page says first what will happen."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.cases import services
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.models import Case, CaseJoin
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.queries import get_case, list_reports, lock_cases
from mystery_shopper.core import clock
from mystery_shopper.core.db import is_reading, transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.similarity.forms import JoinForm, SplitForm, UndoJoinForm
from mystery_shopper.similarity.queries import joins_seen, ways_to_join, why_not_joined
from mystery_shopper.similarity.views.blueprints import bp
from mystery_shopper.similarity.views.choosing import choose_other, open_pair


@bp.route("/cases/<reference>/join", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def join_case(reference: str) -> ResponseReturnValue:
    case, other = open_pair(reference)
    if other is None:
        return choose_other(case, "Join with another case")
    ways = ways_to_join(case, other)
    form = JoinForm()
    form.offer(ways)
    if request.method != "POST":
        form.version.data, form.other_version.data = str(case.version), str(other.version)
    if form.validate_on_submit():
        try:
            return _join(case, other, form)
        except StaleEditError as error:
            form.other_version.data = str(other.version)
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
    refusal = "" if ways else why_not_joined(case, other)
    return render_template(
        "similarity/join_case.html", case=case, other=other, form=form, refusal=refusal, today=clock.today()
    )


def _join(case: Case, other: Case, form: JoinForm) -> ResponseReturnValue:
    kept, joined = (case, other) if form.keep.data == case.reference else (other, case)
    versions = {case.id: as_version(form.version), other.id: as_version(form.other_version)}
    services.join_cases(
        kept,
        joined,
        kept_version=versions[kept.id],
        joined_version=versions[joined.id],
        reason=form.reason.data,
        joiner=signed_in_user(),
        now=clock.utc_now(),
    )
    return _go(kept, f"{joined.reference} is now part of {kept.reference}. You can take them apart again.")


@bp.route("/cases/<reference>/take-apart", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def undo_join(reference: str) -> ResponseReturnValue:
    case, joins = _open_joined(reference)
    form = UndoJoinForm()
    form.offer(joins, case)
    if request.method != "POST":
        form.version.data = str(case.version)
    if form.validate_on_submit():
        try:
            return _take_apart(case, joins, form)
        except StaleEditError as error:
            form.join.data = ""
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
    return render_template("similarity/undo_join.html", case=case, form=form, joins=joins)


def _open_joined(reference: str) -> tuple[Case, list[CaseJoin]]:
    """Return a case and its joins; before a change all their cases are locked, always in the same order."""
    user = signed_in_user()
    if not is_reading():
        joins = joins_seen(get_case(reference, user), user)
        lock_cases([reference, *(one.reference for join in joins for one in (join.kept, join.joined))], user)
    case = open_case(reference)
    return case, joins_seen(case, user)


def _take_apart(case: Case, joins: list[CaseJoin], form: UndoJoinForm) -> ResponseReturnValue:
    join_id, other_version = form.to_join()
    join = next(one for one in joins if one.id == join_id)
    is_kept = join.kept_id == case.id
    open_case((join.joined if is_kept else join.kept).reference)
    own_version = as_version(form.version)
    services.undo_join(
        join,
        kept_version=own_version if is_kept else other_version,
        joined_version=other_version if is_kept else own_version,
        reason=form.reason.data,
        undoer=signed_in_user(),
        now=clock.utc_now(),
    )
    return _go(case, f"{join.joined.reference} stands by itself again")


@bp.route("/cases/<reference>/split", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def split_report(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    reports = list_reports(case)
    form = SplitForm()
    form.offer(reports)
    if request.method != "POST":
        form.version.data = str(case.version)
    if form.validate_on_submit():
        try:
            return _split(case, form)
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
    return render_template("similarity/split_report.html", case=case, form=form, reports=reports)


def _split(case: Case, form: SplitForm) -> ResponseReturnValue:
    report = next(one for one in list_reports(case) if one.id == UUID(form.report.data))
    opened = services.split_report(
        case,
        report,
        version=as_version(form.version),
        reason=form.reason.data,
        actor=actor(),
        now=clock.utc_now(),
    )
    return _go(opened, f"The report has a case of its own now: {opened.reference}")


def _go(case: Case, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("casework.show_case", reference=case.reference))
