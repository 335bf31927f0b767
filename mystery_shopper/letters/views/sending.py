"""A letter on its own page: read it, send or hold it, take it out."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.forms import YES, as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.letters import services
from mystery_shopper.letters.forms import KNOWN_BY_LABELS, NOW, DropForm, SendForm
from mystery_shopper.letters.models import AuthorityLetter
from mystery_shopper.letters.pdf import is_offered, make_pdf
from mystery_shopper.letters.policy import LANGUAGES
from mystery_shopper.letters.queries import get_letter
from mystery_shopper.letters.showing import show
from mystery_shopper.letters.states import LABELS, LetterState
from mystery_shopper.letters.views.blueprint import bp


@bp.get("/cases/<reference>/letters/<uuid:letter_id>")
@requires(Permission.CASE_WORK)
def show_letter(reference: str, letter_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    page = show(case, get_letter(case, letter_id), signed_in_user(), clock.today())
    return render_template(
        "authority_letters/show_letter.html",
        case=case,
        page=page,
        drop_form=DropForm(data={"version": str(page.row.version)}),
        has_pdf=is_offered(),
        languages=LANGUAGES,
        known_by=KNOWN_BY_LABELS,
    )


@bp.route("/cases/<reference>/letters/<uuid:letter_id>/send", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def send_letter(reference: str, letter_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    letter = get_letter(case, letter_id)
    if letter.state is LetterState.SENT:
        return redirect(url_for("letters.show_letter", reference=reference, letter_id=letter_id))
    if letter.state is not LetterState.APPROVED:
        raise StaleEditError(f"This letter is “{LABELS[letter.state]}” now, so it cannot be sent.")
    form = SendForm(data={"version": str(letter.version), "not_before": letter.not_before})
    today = clock.today()
    form.offer(is_held=letter.not_before is not None and letter.not_before > today, today=today)
    if form.validate_on_submit():
        try:
            return _send(case, letter, form)
        except StaleEditError as error:
            return show_conflict(case, form, error, version=letter.version)
        except DomainError as error:
            form.show_refusal(error)
    page = show(case, letter, signed_in_user(), today)
    return render_template("authority_letters/send_letter.html", case=case, form=form, page=page)


def _send(case: Case, letter: AuthorityLetter, form: SendForm) -> ResponseReturnValue:
    version, user, now = as_version(form.version), signed_in_user(), clock.utc_now()
    if form.when.data == NOW:
        is_confirmed = form.is_confirmed.data == YES
        services.send_letter(case, letter, version=version, is_confirmed=is_confirmed, sender=user, now=now)
        flash("Letter recorded as sent. Print it or copy it now, and send it today", "success")
    else:
        until = form.to_day()
        services.hold_letter(case, letter, until, version=version, actor=user.actor, now=now)
        flash("The letter is held" if until else "The letter is held no longer", "success")
    return redirect(url_for("letters.show_letter", reference=case.reference, letter_id=letter.id))


@bp.get("/cases/<reference>/letters/<uuid:letter_id>/text")
@requires(Permission.CASE_WORK)
def download_letter(reference: str, letter_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    letter = get_letter(case, letter_id)
    response = Response(services.take_out(case, letter), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{letter.reference}.txt"'
    return response


@bp.get("/cases/<reference>/letters/<uuid:letter_id>/pdf")
@requires(Permission.CASE_WORK)
def download_pdf(reference: str, letter_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    letter = get_letter(case, letter_id)
    made = make_pdf(services.take_out(case, letter), reference=letter.reference, language=letter.language)
    response = Response(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{letter.reference}.pdf"'
    return response
