"""Writing on a case: internal notes, and messages to one reporter."""

from functools import partial
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.attachments import attachment_name, open_attachment
from mystery_shopper.cases.forms import ASKED
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.queries import get_case
from mystery_shopper.cases.second_person import let_out
from mystery_shopper.cases.services import add_note as add_note_to
from mystery_shopper.cases.services import ask_override
from mystery_shopper.casework.forms import MessageForm, NoteForm
from mystery_shopper.casework.queries.page import find_report, show_conversations
from mystery_shopper.casework.services import steps as services
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import is_reading, transactional
from mystery_shopper.core.errors import DomainError, NotFoundError, UnavailableError
from mystery_shopper.core.forms import HiddenField, as_submission
from mystery_shopper.core.limits import max_body
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.evidence.downloads import UNREADABLE, as_download
from mystery_shopper.evidence.forms import sent_files, show_refused
from mystery_shopper.evidence.limits import body_limit
from mystery_shopper.evidence.stores import StoreError
from mystery_shopper.evidence.uploading import Upload, take_all
from mystery_shopper.teamwork.queries.notes import find_named, people_to_mention
from mystery_shopper.teamwork.services.mentions import mention


@bp.route("/cases/<reference>/note", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def add_note(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = NoteForm()
    form.offer(people_to_mention(case, signed_in_user(), clock.today()))
    _with_submission(form.submission_id)
    if form.validate_on_submit():
        try:
            return _write_note(case, form)
        except DomainError as error:
            form.add_error(error)
    return render_template("casework/add_note.html", case=case, form=form, today=clock.today())


def _write_note(case: Case, form: NoteForm) -> ResponseReturnValue:
    author, now = signed_in_user(), clock.utc_now()
    named = find_named(case, form.body.data, author, clock.today())
    submission_id = as_submission(form.submission_id)
    note = add_note_to(case, form.body.data, submission_id=submission_id, author=author, now=now)
    mention(case, note, form.chosen_readers() | named.people, author=author, now=now)
    for word in named.unknown:
        flash(
            f"Nobody was told of “@{word}”: it names nobody, or more than one, of those who may see this case", "notice"
        )
    return _back(case, "Note saved", "notes")


@bp.route("/cases/<reference>/reports/<uuid:report_id>/message", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@max_body(body_limit())
def send_message(reference: str, report_id: UUID) -> ResponseReturnValue:
    case, report = _look_at_report(reference, report_id)
    form = MessageForm(data={"body": let_out(case).get("body")})
    _with_submission(form.submission_id)
    if form.validate_on_submit() and _has_sent(reference, report.id, form):
        return _back(case, "Message sent", "messages")
    if form.is_asked:
        return _back(case, ASKED, "stopped")
    if not is_reading():
        case, report = _look_again(reference, report_id)
    conversation = next(one for one in show_conversations(case) if one.report.id == report.id)
    return render_template(
        "casework/send_message.html", case=case, form=form, conversation=conversation, today=clock.today()
    )


def _look_at_report(reference: str, report_id: UUID) -> tuple[Case, Report]:
    """Return what a page with files shows; while they are taken in, the case is not locked for anybody."""
    if is_reading():
        return _get_report(reference, report_id)
    case = get_case(reference, signed_in_user())
    return case, _report_of(case, report_id)


@transactional
def _look_again(reference: str, report_id: UUID) -> tuple[Case, Report]:
    """Return what a form that was refused shows of the case, and keep on record that it was shown."""
    return _get_report(reference, report_id)


def _has_sent(reference: str, report_id: UUID, form: MessageForm) -> bool:
    """Send the message with its files, or say on the form why not: then nothing was sent."""
    upload = take_all(sent_files(form.files), now=clock.utc_now())
    if upload.refused:
        upload.discard()
        show_refused(form, upload)
        return False
    try:
        upload.keep(partial(_send, reference, report_id, form))
    except DisclosureError as error:
        if form.wants_override(error):
            _ask_for(reference, error, form)
        return False
    except DomainError as error:
        form.add_error(error)
        return False
    return True


@transactional
def _ask_for(reference: str, stopped: DisclosureError, form: MessageForm) -> None:
    case, user = open_case(reference), signed_in_user()
    ask_override(case, stopped, form.override_reason.data, page=request.path, by=user, now=clock.utc_now())


@transactional
def _send(reference: str, report_id: UUID, form: MessageForm, upload: Upload) -> None:
    case, report = _get_report(reference, report_id)
    services.reply(
        case,
        report,
        form.body.data,
        upload=upload,
        submission_id=as_submission(form.submission_id),
        sender=signed_in_user(),
        now=clock.utc_now(),
    )


@bp.get("/cases/<reference>/attachments/<uuid:attachment_id>")
@requires(Permission.CASE_READ)
def download_attachment(reference: str, attachment_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    try:
        file, pieces = open_attachment(case, attachment_id, by=signed_in_user(), now=clock.utc_now())
    except StoreError as error:
        raise UnavailableError(UNREADABLE) from error
    name = attachment_name(case.reference, file.position, file.copy_extension)
    return as_download(pieces, name=name, size=file.copy_size or 0)


@bp.post("/cases/<reference>/reports/<uuid:report_id>/read")
@requires(Permission.CASE_WORK)
@transactional
def note_read(reference: str, report_id: UUID) -> ResponseReturnValue:
    case, report = _get_report(reference, report_id)
    services.note_read(case, report, actor=signed_in_user().actor, now=clock.utc_now())
    return _back(case, "Messages marked as read", "messages")


def _get_report(reference: str, report_id: UUID) -> tuple[Case, Report]:
    case = open_case(reference)
    return case, _report_of(case, report_id)


def _report_of(case: Case, report_id: UUID) -> Report:
    report = find_report(case, report_id)
    if report is None:
        raise NotFoundError
    return report


def _with_submission(field: HiddenField) -> None:
    if request.method != "POST":
        field.data = str(uuid4())


def _back(case: Case, message: str, place: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(panel_path(case.reference, place))
