"""Files: added on the journey and taken off again, or added later through the receipt. Work without scripts.

A file is looked into and stored before the unit of work begins; only then are rows written, in one short step.
"""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.forms import TIMED_OUT
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited, max_body
from mystery_shopper.core.permissions import public
from mystery_shopper.evidence.forms import sent_files, show_refused
from mystery_shopper.evidence.limits import body_limit
from mystery_shopper.evidence.queries import Holder
from mystery_shopper.evidence.uploading import Upload, add_all, take_all
from mystery_shopper.intake.forms import DraftForm
from mystery_shopper.intake.forms.evidence import EvidenceForm
from mystery_shopper.intake.uploading import add_to_report, refuse_named_by_code, remove_file, show_files
from mystery_shopper.intake.views.blueprints import bp, receipt_bp
from mystery_shopper.intake.views.drafts import current_id, link, number_of, open_current
from mystery_shopper.intake.views.receipt import current_report

CHECK = "check"


@bp.route("/evidence", methods=["GET", "POST"])
@public
@limited(Limit.UPLOAD)
@max_body(body_limit())
def add_evidence() -> ResponseReturnValue:
    draft_id = current_id()
    form = EvidenceForm(data={"draft": str(draft_id), "return_to": request.args.get("return_to", "")})
    if form.validate_on_submit():
        upload = take_all(sent_files(form.files), now=clock.reporter_now())
        upload.keep(_add_to_draft)
        if not upload.refused:
            return redirect(_address(number_of(draft_id), form))
        show_refused(form, upload)
    draft = open_current()
    number = number_of(draft.row.id)
    return render_template(
        "intake/add_evidence.html",
        form=form,
        remove_form=DraftForm(formdata=None, data={"draft": str(draft_id)}),
        files=show_files(Holder(draft_id=draft.row.id)),
        action=_address(number, form),
        remove_action=link("intake.remove_evidence", number, **_returning(form)),
        onward=link("intake.check" if form.return_to.data == CHECK else "intake.tasks", number),
    )


def _returning(form: EvidenceForm) -> dict[str, str]:
    return {"return_to": CHECK} if form.return_to.data == CHECK else {}


def _address(number: int, form: EvidenceForm) -> str:
    return link("intake.add_evidence", number, **_returning(form))


@transactional
def _add_to_draft(upload: Upload) -> None:
    draft = open_current()
    refuse_named_by_code(upload, draft.row.code_mac)
    add_all(Holder(draft_id=draft.row.id), upload, actor=REPORTER, now=clock.reporter_now())
    _say(upload)


@transactional
def _add_to_report(upload: Upload) -> None:
    add_to_report(current_report(), upload, now=clock.reporter_now())
    _say(upload)


def _say(upload: Upload) -> None:
    if words := upload.words():
        # A banner of success takes the focus; the summary of what was refused must have it.
        flash(words, "success" if upload.added and not upload.refused else "message")


@bp.route("/evidence/remove", methods=["POST"])
@public
@limited(Limit.PAGE)
@transactional
def remove_evidence() -> ResponseReturnValue:
    draft = open_current()
    if not DraftForm().validate_on_submit():
        raise DomainError(TIMED_OUT)
    name = remove_file(draft.row.id, request.form.get("file", ""), now=clock.reporter_now())
    flash(_("{name} removed", name=name), "success")
    extra = {"return_to": CHECK} if request.args.get("return_to") == CHECK else {}
    return redirect(link("intake.add_evidence", number_of(draft.row.id), **extra))


@receipt_bp.route("/case/evidence", methods=["GET", "POST"])
@public
@limited(Limit.UPLOAD)
@max_body(body_limit())
def add_evidence_later() -> ResponseReturnValue:
    report_id: UUID = current_report().id
    form = EvidenceForm()
    if form.validate_on_submit():
        upload = take_all(sent_files(form.files), now=clock.reporter_now())
        upload.keep(_add_to_report)
        if not upload.refused:
            return redirect(url_for("receipt.add_evidence_later"))
        show_refused(form, upload)
    return render_template("receipt/add_evidence_later.html", form=form, files=show_files(Holder(report_id=report_id)))
