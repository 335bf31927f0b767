"""A second person reads a letter, and approves it or sends it back."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, PermissionDeniedError, StaleEditError
from mystery_shopper.core.forms import YES, as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.letters import services
from mystery_shopper.letters.forms import KNOWN_BY_LABELS, DecisionForm
from mystery_shopper.letters.models import AuthorityLetter
from mystery_shopper.letters.policy import LANGUAGES
from mystery_shopper.letters.queries import get_letter
from mystery_shopper.letters.showing import show
from mystery_shopper.letters.states import LABELS, LetterState
from mystery_shopper.letters.views.blueprint import bp


@bp.route("/cases/<reference>/letters/<uuid:letter_id>/decide", methods=["GET", "POST"])
@requires(Permission.LETTER_APPROVE)
@transactional
def decide_letter(reference: str, letter_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    letter = get_letter(case, letter_id)
    if letter.state is not LetterState.AWAITING_APPROVAL:
        raise StaleEditError(f"This letter is “{LABELS[letter.state]}” now, so there is nothing to decide.")
    form = DecisionForm(data={"version": str(letter.version)})
    if form.validate_on_submit():
        try:
            return _decide(case, letter, form)
        except StaleEditError as error:
            return show_conflict(case, form, error, version=letter.version)
        except PermissionDeniedError:
            raise
        except DomainError as error:
            form.add_error(error, "approve")
    page = show(case, letter, signed_in_user(), clock.today())
    return render_template(
        "authority_letters/decide_letter.html",
        case=case,
        form=form,
        page=page,
        languages=LANGUAGES,
        known_by=KNOWN_BY_LABELS,
    )


def _decide(case: Case, letter: AuthorityLetter, form: DecisionForm) -> ResponseReturnValue:
    version, by, now = as_version(form.version), signed_in_user(), clock.utc_now()
    if form.approve.data == YES:
        services.approve_letter(case, letter, version=version, by=by, now=now)
        flash("Letter approved. It can be sent or held now", "success")
    else:
        services.send_back_letter(case, letter, form.reason.data, version=version, by=by, now=now)
        flash("Letter sent back to its writer", "success")
    return redirect(url_for("letters.show_letter", reference=case.reference, letter_id=letter.id))
