"""Writing letters to an authority, and taking them out to send."""

from datetime import timedelta
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
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
from mystery_shopper.letters.composing import compose
from mystery_shopper.letters.forms import LetterForm, kinds_allowed
from mystery_shopper.letters.policy import CONFIRMED, LANGUAGES, TEXT, LetterKind, kinds
from mystery_shopper.letters.queries import get_letter
from mystery_shopper.letters.services import send_letter, take_out

bp = Blueprint("letters", __name__)


@bp.get("/cases/<reference>/letters/new")
@requires(Permission.CASE_WORK)
def choose_letter(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    return render_template("authority_letters/choose_letter.html", case=case, kinds=_allowed(case), languages=LANGUAGES)


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
            return _send(case, kind, language, form)
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.is_warned = error.field == CONFIRMED
            form.add_error(error)
    return render_template("authority_letters/write_letter.html", case=case, form=form, kind=kind)


@bp.get("/cases/<reference>/letters/<uuid:letter_id>")
@requires(Permission.CASE_WORK)
def show_letter(reference: str, letter_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    letter = get_letter(case, letter_id)
    return render_template("authority_letters/show_letter.html", case=case, letter=letter, text=take_out(case, letter))


@bp.get("/cases/<reference>/letters/<uuid:letter_id>/text")
@requires(Permission.CASE_WORK)
def download_letter(reference: str, letter_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    letter = get_letter(case, letter_id)
    response = Response(take_out(case, letter), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{letter.reference}.txt"'
    return response


def _allowed(case: Case) -> list[LetterKind]:
    powers = powers_open(case.received_on, case.procurement_started_on)
    return kinds_allowed(kinds().values(), frozenset(power.kind for power in powers))


def _start(case: Case, kind: LetterKind, language: str) -> LetterForm:
    """Return the form, on a first visit with the words of the kind, or those a second person let out."""
    submission_id = uuid4()
    asked = clock.today() + timedelta(days=kind.answer_days) if kind.answer_days else None
    first = {} if request.method == "POST" else {TEXT: compose(case, kind, submission_id, language)}
    form = LetterForm(data={"response_due_on": asked} | first | let_out(case))
    form.offer(step_after(kind.intervention, case.state))
    if request.method != "POST":
        form.version.data, form.submission_id.data = str(case.version), str(submission_id)
    return form


def _send(case: Case, kind: LetterKind, language: str, form: LetterForm) -> ResponseReturnValue:
    new, version = form.to_letter(kind, language), as_version(form.version)
    row = send_letter(case, new, version=version, writer=signed_in_user(), now=clock.utc_now())
    flash("Letter recorded. Print it or copy it now, and send it today", "success")
    return redirect(url_for("letters.show_letter", reference=case.reference, letter_id=row.id))
