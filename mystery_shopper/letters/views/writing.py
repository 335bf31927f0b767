"""Writing letters to an authority: choose a kind, write, keep, send to a second person."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.second_person import ask_second_person, let_out
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.interventions.policy import powers_open, step_after
from mystery_shopper.letters import services
from mystery_shopper.letters.checking import what_stops
from mystery_shopper.letters.composing import compose, compose_call
from mystery_shopper.letters.forms import DropForm, LetterForm, kinds_allowed, typed_of
from mystery_shopper.letters.models import AuthorityLetter
from mystery_shopper.letters.policy import ANSWER_DAYS, LANGUAGES, TEXT, LetterKind, days_to_answer, kinds
from mystery_shopper.letters.queries import get_letter, get_version
from mystery_shopper.letters.states import OPEN
from mystery_shopper.letters.views.blueprint import bp

SHOW, EDIT = "letters.show_letter", "letters.edit_letter"
CHECK = "check"
"""What the address of a page says when it is to show at once what keeps the letter from going."""
SAVED, SUBMITTED = "Draft saved", "Saved. A second person has to approve the letter now"
NOT_SUBMITTED = "Draft saved. It was not sent for approval yet: see below"


@bp.get("/cases/<reference>/letters/new")
@requires(Permission.CASE_WORK)
def choose_letter(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    return render_template("authority_letters/choose_letter.html", case=case, kinds=_allowed(case), languages=LANGUAGES)


@bp.get("/cases/<reference>/letters/call/<language>")
@requires(Permission.CASE_WORK)
def show_call(reference: str, language: str) -> ResponseReturnValue:
    case = open_case(reference)
    if language not in LANGUAGES or not _is_live(case):
        raise NotFoundError
    script = compose_call(case, language, today=clock.today())
    return render_template(
        "authority_letters/show_call.html", case=case, script=script, written_in=language, languages=LANGUAGES
    )


@bp.route("/cases/<reference>/letters/new/<letter>/<language>", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def write_letter(reference: str, letter: str, language: str) -> ResponseReturnValue:
    case = open_case(reference)
    kind = next((one for one in _allowed(case) if one.key == letter), None)
    if kind is None or language not in LANGUAGES:
        raise NotFoundError
    form = _start(case, kind, language)
    if form.validate_on_submit():
        try:
            return _keep(case, form, kind, language)
        except DomainError as error:
            form.add_error(error)
    return render_template(
        "authority_letters/write_letter.html",
        case=case,
        form=form,
        kind=kind,
        letter=None,
        written_in=language,
        is_live=_is_live(case),
    )


@bp.route("/cases/<reference>/letters/<uuid:letter_id>/edit", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def edit_letter(reference: str, letter_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    letter = get_letter(case, letter_id)
    form, kind = _reopen(case, letter), kinds()[letter.kind]
    if form.validate_on_submit():
        try:
            return _save(case, letter, form)
        except StaleEditError as error:
            return show_conflict(case, form, error, version=letter.version)
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.show_refusal(error)
        form.version.data = str(letter.version)
    return render_template(
        "authority_letters/edit_letter.html",
        case=case,
        form=form,
        kind=kind,
        letter=letter,
        written_in=letter.language,
        is_live=_is_live(case),
    )


@bp.route("/cases/<reference>/letters/<uuid:letter_id>/drop", methods=["POST"])
@requires(Permission.CASE_WORK)
@transactional
def drop_letter(reference: str, letter_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    letter, user = get_letter(case, letter_id), signed_in_user()
    version = as_version(DropForm().version)
    services.drop_letter(case, letter, version=version, actor=user.actor, now=clock.utc_now())
    flash(f"{letter.reference} was given up. What was written stays on the case", "success")
    return redirect(url_for(SHOW, reference=reference, letter_id=letter_id))


def _is_live(case: Case) -> bool:
    return case.tender_closes_on is not None and case.tender_closes_on >= clock.today()


def _allowed(case: Case) -> list[LetterKind]:
    powers = powers_open(case.received_on, case.procurement_started_on)
    return kinds_allowed(kinds().values(), frozenset(power.kind for power in powers))


def _start(case: Case, kind: LetterKind, language: str) -> LetterForm:
    """Return the form of a new letter, on a first visit with the words of the kind."""
    submission_id, today = uuid4(), clock.today()
    first = {} if request.method == "POST" else {TEXT: compose(case, kind, submission_id, language, today=today)}
    form = LetterForm(data={ANSWER_DAYS: days_to_answer(kind, case.tender_closes_on, today)} | first)
    form.offer(step_after(kind.intervention, case.state))
    if request.method != "POST":
        form.submission_id.data = str(submission_id)
    return form


def _keep(case: Case, form: LetterForm, kind: LetterKind, language: str) -> ResponseReturnValue:
    """Keep a new letter whatever is wrong with it; what keeps it from a second person is said on its own page."""
    user, now = signed_in_user(), clock.utc_now()
    letter = services.start_letter(case, form.to_letter(kind, language), writer=user, now=now)
    page = url_for(SHOW, reference=case.reference, letter_id=letter.id)
    if not form.submit.data or letter.state not in OPEN[:1]:
        flash(SAVED, "success")
        return redirect(page)
    if what_stops(case, kind, form.to_content(), language=language, today=clock.today()):
        flash(NOT_SUBMITTED, "notice")
        return redirect(url_for(EDIT, reference=case.reference, letter_id=letter.id, check="yes"))
    services.submit_letter(case, letter, writer=user, now=now)
    flash(SUBMITTED, "success")
    return redirect(page)


def _reopen(case: Case, letter: AuthorityLetter) -> LetterForm:
    """Return the form of a letter as it stands, or with the words a second person let out."""
    if letter.state not in OPEN:
        raise NotFoundError
    content, kind = get_version(letter).content(case.data_key), kinds()[letter.kind]
    form = LetterForm(data=typed_of(content) | let_out(case))
    form.offer(step_after(kind.intervention, case.state))
    if request.method == "POST":
        return form
    form.version.data = str(letter.version)
    stopped = what_stops(case, kind, content, language=letter.language, today=clock.today())
    if CHECK in request.args and isinstance(stopped, DisclosureError):
        form.wants_override(stopped)
    elif CHECK in request.args and stopped is not None:
        form.show_refusal(stopped)
    return form


def _save(case: Case, letter: AuthorityLetter, form: LetterForm) -> ResponseReturnValue:
    user, now = signed_in_user(), clock.utc_now()
    services.save_letter(case, letter, form.to_content(), version=as_version(form.version), writer=user, now=now)
    goes = form.submit.data or form.ask_override.data
    if goes:
        services.submit_letter(case, letter, writer=user, now=now)
    flash(SUBMITTED if goes else SAVED, "success")
    return redirect(url_for(SHOW, reference=case.reference, letter_id=letter.id))
