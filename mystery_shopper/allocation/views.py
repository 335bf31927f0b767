"""Pages of allocation: the next case, who works on what, handing over, out of office."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.absences import end_absence, next_absence, set_absence
from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.queries import get_user, list_assignable, names_of
from mystery_shopper.allocation import services
from mystery_shopper.allocation.forms import AwayForm, HandOverForm, WorkForm
from mystery_shopper.allocation.policy import skills, weights
from mystery_shopper.allocation.queries import Colleague, get_colleague, list_colleagues, list_everybody, list_owned
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires

bp = Blueprint("allocation", __name__)


@bp.post("/allocation/next")
@requires(Permission.CASE_WORK)
@transactional
def take_next_case() -> ResponseReturnValue:
    case = services.take_next(signed_in_user(), now=clock.utc_now())
    if case is None:
        flash("There is no case waiting for you: every case you could take has an owner", "notice")
        return redirect("/desk")
    flash(f"{case.reference} is yours", "success")
    return redirect(url_for("casework.show_case", reference=case.reference))


@bp.get("/allocation")
@requires(Permission.CASE_ALLOCATE)
def list_work() -> ResponseReturnValue:
    colleagues, left_behind = list_everybody(signed_in_user(), clock.today())
    return render_template(
        "allocation/list_work.html",
        colleagues=colleagues,
        left_behind=left_behind,
        skills=skills(),
        weights=weights(),
    )


@bp.route("/allocation/people/<uuid:user_id>", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def choose_work(user_id: UUID) -> ResponseReturnValue:
    one = _colleague(user_id)
    form = WorkForm(data={"queues": sorted(one.work.queues), "skills": sorted(one.work.skills)})
    form.offer()
    if form.validate_on_submit():
        services.choose_work(
            one.person, queues=form.queues.data, known=form.skills.data, actor=actor(), now=clock.utc_now()
        )
        return _back(f"Saved what {one.person.name} works on")
    return render_template("allocation/choose_work.html", form=form, person=one.person)


@bp.route("/allocation/people/<uuid:user_id>/hand-over", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def hand_over(user_id: UUID) -> ResponseReturnValue:
    one = _colleague(user_id)
    owned = list_owned(user_id, signed_in_user())
    others = [other for other in list_colleagues(signed_in_user(), clock.today()) if other.person.id != user_id]
    form = HandOverForm()
    form.offer(
        {case.reference: f"{case.reference} {case.title}" for case in owned},
        ((other.person.id, other.person.name, _how_they_stand(other)) for other in others if not other.away_until),
    )
    if form.validate_on_submit():
        done = services.hand_over(
            form.references(),
            user_id,
            get_user(UUID(form.to.data)),
            signed_in_user(),
            reason=form.reason.data,
            now=clock.utc_now(),
        )
        return _after_handing_over(done)
    return render_template("allocation/hand_over.html", form=form, person=one.person, owned=owned)


def _how_they_stand(other: Colleague) -> str:
    return f"{'1 open case' if other.cases == 1 else f'{other.cases} open cases'}, load {other.load}"


def _after_handing_over(done: services.HandedOver) -> ResponseReturnValue:
    for reference, why in done.stayed:
        flash(f"{reference} was not handed over: {why}", "notice")
    if not done.cases:
        return redirect(url_for("allocation.list_work"))
    count = len(done.cases)
    return _back("1 case was handed over" if count == 1 else f"{count} cases were handed over")


@bp.route("/away", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def set_own_absence() -> ResponseReturnValue:
    return _absence_page(get_user(signed_in_user().id), after="/away", end="/away/end")


@bp.post("/away/end")
@requires(Permission.CASE_WORK)
@transactional
def end_own_absence() -> ResponseReturnValue:
    end_absence(get_user(signed_in_user().id), today=clock.today(), actor=actor(), now=clock.utc_now())
    flash("You are not out of office", "success")
    return redirect("/away")


@bp.route("/allocation/people/<uuid:user_id>/away", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
@transactional
def set_absence_of(user_id: UUID) -> ResponseReturnValue:
    person = _colleague(user_id).person
    end = url_for("allocation.end_absence_of", user_id=user_id)
    return _absence_page(person, after=url_for("allocation.list_work"), end=end)


@bp.post("/allocation/people/<uuid:user_id>/away/end")
@requires(Permission.CASE_ALLOCATE)
@transactional
def end_absence_of(user_id: UUID) -> ResponseReturnValue:
    person = _colleague(user_id).person
    end_absence(person, today=clock.today(), actor=actor(), now=clock.utc_now())
    return _back(f"{person.name} is not out of office")


def _absence_page(person: User, *, after: str, end: str) -> ResponseReturnValue:
    planned = next_absence(person.id, clock.today())
    form = AwayForm(**_planned(planned.starts_on, planned.ends_on, planned.deputy_id) if planned else {})
    form.offer((one.id, one.name) for one in list_assignable() if one.id != person.id)
    if form.validate_on_submit():
        try:
            _set_absence(person, form)
        except DomainError as error:
            form.add_error(error)
        else:
            flash("Saved when you are away" if after == "/away" else f"Saved when {person.name} is away", "success")
            return redirect(after)
    deputies = names_of({planned.deputy_id} if planned and planned.deputy_id else set())
    return render_template(
        "allocation/set_absence.html",
        form=form,
        person=person,
        is_own=after == "/away",
        end=end,
        planned=planned,
        deputy=next(iter(deputies.values()), ""),
        today=clock.today(),
    )


def _planned(starts_on: object, ends_on: object, deputy_id: UUID | None) -> dict[str, object]:
    return {"starts_on": starts_on, "ends_on": ends_on, "deputy": str(deputy_id) if deputy_id else ""}


def _set_absence(person: User, form: AwayForm) -> None:
    set_absence(
        person,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        deputy=get_user(UUID(form.deputy.data)) if form.deputy.data else None,
        today=clock.today(),
        actor=actor(),
        now=clock.utc_now(),
    )


def _colleague(user_id: UUID) -> Colleague:
    return get_colleague(user_id, signed_in_user(), clock.today())


def _back(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("allocation.list_work"))
