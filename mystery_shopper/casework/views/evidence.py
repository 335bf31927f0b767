"""Evidence of a case: its copies and originals to download, and whether an authority may see a copy."""

from uuid import UUID

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases import evidence
from mystery_shopper.cases.evidence import NumberedFile, get_evidence
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.second_person import ask_second_person, let_out
from mystery_shopper.casework.forms import OriginalForm, ReleaseForm
from mystery_shopper.casework.queries.evidence import show_file
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, UnavailableError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.evidence.downloads import UNREADABLE, as_download
from mystery_shopper.evidence.policy import KINDS, may_release, neutral_name
from mystery_shopper.evidence.stores import StoreError


def _name(case: Case, found: NumberedFile, extension: str) -> str:
    return f"{case.reference}-{neutral_name(found.number, extension)}"


@bp.get("/cases/<reference>/evidence/<uuid:file_id>/copy")
@requires(Permission.CASE_READ)
def download_copy(reference: str, file_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    found = get_evidence(case, file_id)
    try:
        pieces = evidence.open_copy(found, by=signed_in_user(), now=clock.utc_now())
    except StoreError as error:
        raise UnavailableError(UNREADABLE) from error
    return as_download(pieces, name=_name(case, found, found.file.copy_extension), size=found.file.copy_size or 0)


@bp.route("/cases/<reference>/evidence/<uuid:file_id>/original", methods=["GET", "POST"])
@requires(Permission.EVIDENCE_ORIGINAL, step_up=True)
@transactional
def download_original(reference: str, file_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    found = get_evidence(case, file_id)
    form = OriginalForm()
    if form.validate_on_submit():
        user, now = signed_in_user(), clock.utc_now()
        try:
            pieces = evidence.open_original(case, found, reason=form.reason.data, by=user, now=now)
            name = _name(case, found, f"original.{KINDS[found.file.kind].extension}")
            return as_download(pieces, name=name, size=found.file.size)
        except StoreError as error:
            raise UnavailableError(UNREADABLE) from error
        except DomainError as error:
            form.add_error(error)
    return render_template("casework/download_original.html", case=case, form=form, view=show_file(found))


@bp.route("/cases/<reference>/evidence/<uuid:file_id>/release", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def decide_release(reference: str, file_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    found = get_evidence(case, file_id)
    asked = let_out(case)
    is_yes = found.file.released_at is not None or bool(asked)
    form = ReleaseForm(data={"decision": "yes" if is_yes else "", "reason": asked.get("reason")})
    if form.validate_on_submit():
        try:
            return _decide(case, found, form)
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.add_error(error)
    can_release = may_release(found.file.scan_state, found.file.copy_state)
    view = show_file(found, with_text=True)
    return render_template("casework/decide_release.html", case=case, form=form, view=view, can_release=can_release)


def _decide(case: Case, found: NumberedFile, form: ReleaseForm) -> ResponseReturnValue:
    decide = evidence.release_evidence if form.is_released() else evidence.withdraw_evidence
    decide(case, found, reason=form.reason.data, by=signed_in_user(), now=clock.utc_now())
    flash("Decision saved", "success")
    return redirect(panel_path(case.reference, "evidence"))
