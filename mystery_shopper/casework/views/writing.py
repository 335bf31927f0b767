"""Writing on a case: internal notes, and messages to one reporter."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.services import add_note as add_note_to
from mystery_shopper.casework import services
from mystery_shopper.casework.forms import MessageForm, NoteForm
from mystery_shopper.casework.queries.page import find_report, show_conversations
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.forms import HiddenField, as_submission
from mystery_shopper.core.permissions import Permission, requires
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
@transactional
def send_message(reference: str, report_id: UUID) -> ResponseReturnValue:
    case, report = _get_report(reference, report_id)
    form = MessageForm()
    _with_submission(form.submission_id)
    if form.validate_on_submit():
        try:
            submission_id = as_submission(form.submission_id)
        except DomainError as error:
            form.add_error(error)
        else:
            sender, now = signed_in_user(), clock.utc_now()
            services.reply(case, report, form.body.data, submission_id=submission_id, sender=sender, now=now)
            return _back(case, "Message sent", "messages")
    conversation = next(one for one in show_conversations(case) if one.report.id == report.id)
    return render_template(
        "casework/send_message.html", case=case, form=form, conversation=conversation, today=clock.today()
    )


@bp.post("/cases/<reference>/reports/<uuid:report_id>/read")
@requires(Permission.CASE_WORK)
@transactional
def note_read(reference: str, report_id: UUID) -> ResponseReturnValue:
    case, report = _get_report(reference, report_id)
    services.note_read(case, report, actor=signed_in_user().actor, now=clock.utc_now())
    return _back(case, "Messages marked as read", "messages")


def _get_report(reference: str, report_id: UUID) -> tuple[Case, Report]:
    case = open_case(reference)
    report = find_report(case, report_id)
    if report is None:
        raise NotFoundError
    return case, report


def _with_submission(field: HiddenField) -> None:
    if request.method != "POST":
        field.data = str(uuid4())


def _back(case: Case, message: str, place: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(panel_path(case.reference, place))
