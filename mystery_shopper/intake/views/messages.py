"""Messages through the receipt: write one with files, and take the files that came with ours."""

import uuid
from functools import partial

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.cases.attachments import attachment_name, find_sent, open_sent
from mystery_shopper.cases.walls import home_case_of
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, UnavailableError
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited, max_body
from mystery_shopper.core.permissions import public
from mystery_shopper.evidence.downloads import UNREADABLE, as_download
from mystery_shopper.evidence.forms import sent_files, show_refused
from mystery_shopper.evidence.limits import body_limit
from mystery_shopper.evidence.stores import StoreError
from mystery_shopper.evidence.uploading import Upload, take_all
from mystery_shopper.intake import forms, services
from mystery_shopper.intake.views.blueprints import receipt_bp as bp
from mystery_shopper.intake.views.codes import UNREAD, forget_kept
from mystery_shopper.intake.views.receipt import current_report, draw_case, submission_of


@bp.route("/case/message", methods=["POST"])
@public
@limited(Limit.REPORT)
@max_body(body_limit())
def send_message() -> ResponseReturnValue:
    current_report()
    form = forms.MessageForm()
    if form.validate_on_submit() and _has_sent(form):
        forget_kept()
        session[UNREAD] = []
        flash(str(_("We have your message")), "success")
        return redirect(url_for("receipt.show_case"))
    return draw_case(current_report(), form)


def _has_sent(form: forms.MessageForm) -> bool:
    """Send the message with its files, or say on the form why not: then nothing was sent."""
    upload = take_all(sent_files(form.files), now=clock.reporter_now())
    if upload.refused:
        upload.discard()
        show_refused(form, upload)
        return False
    try:
        upload.keep(partial(_send, form))
    except DomainError as error:
        form.add_error(error)
        return False
    return True


@transactional
def _send(form: forms.MessageForm, upload: Upload) -> None:
    body, submission_id = form.body.data, submission_of(form)
    services.write_message(current_report(), body, upload=upload, submission_id=submission_id, now=clock.reporter_now())


@bp.get("/case/attachment/<uuid:attachment_id>")
@public
@limited(Limit.PAGE)
def download_attachment(attachment_id: uuid.UUID) -> ResponseReturnValue:
    report = current_report()
    file = find_sent(report, attachment_id)
    try:
        pieces = open_sent(report, file)
    except StoreError as error:
        raise UnavailableError(UNREADABLE) from error
    name = attachment_name(home_case_of(report).public_reference, file.position, file.copy_extension)
    return as_download(pieces, name=name, size=file.copy_size or 0)
