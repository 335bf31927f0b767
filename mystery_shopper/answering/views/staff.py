"""What a caseworker writes for the authority: questions and the text it may reply to; and the files it sent."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.answering import queries, services
from mystery_shopper.answering.files import open_file
from mystery_shopper.answering.forms.staff import ConfirmForm, EntryForm, QuestionForm, StartForm
from mystery_shopper.answering.models import Inquiry
from mystery_shopper.answering.views import bp
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.second_person import ask_second_person, let_out
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, UnavailableError
from mystery_shopper.core.forms import Option, as_submission
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.evidence.downloads import UNREADABLE, as_download
from mystery_shopper.evidence.stores import StoreError
from mystery_shopper.interventions.queries import get_intervention
from mystery_shopper.publication.queries import find_open_publication
from mystery_shopper.rules.loading import catalogue

PANEL = "answers"


def back_to(case: Case, message: str) -> ResponseReturnValue:
    """Go back to the panel and say what was done."""
    flash(message, "success")
    return redirect(panel_path(case.reference, PANEL))


@bp.route("/cases/<reference>/interventions/<uuid:intervention_id>/inquiry", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def start_inquiry(reference: str, intervention_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    row = get_intervention(case, intervention_id)
    form = StartForm(data=let_out(case) or {"name": signed_in_user().name})
    if form.validate_on_submit():
        try:
            contact = form.to_contact()
            inquiry = services.start_inquiry(case, row, contact, by=signed_in_user(), now=clock.utc_now())
            return redirect(url_for("answering.write_questions", reference=reference, inquiry_id=inquiry.id))
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.add_error(error)
    return render_template("answering/start_inquiry.html", case=case, form=form, row=row)


@bp.route("/cases/<reference>/inquiries/<uuid:inquiry_id>/questions", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def write_questions(reference: str, inquiry_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    inquiry = queries.get_inquiry(case, inquiry_id)
    form = QuestionForm(data=let_out(case))
    form.rule_id.choices = tuple(Option(rule.id, rule.title) for rule in catalogue().rules)
    if request.method != "POST":
        form.submission_id.data = str(uuid4())
    if form.validate_on_submit():
        try:
            return _add_question(case, inquiry, form)
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.add_error(error)
    view = queries.show_inquiry(case, inquiry, clock.today())
    return render_template("answering/write_questions.html", case=case, form=form, view=view)


def _add_question(case: Case, inquiry: Inquiry, form: QuestionForm) -> ResponseReturnValue:
    services.add_question(
        case,
        inquiry,
        form.text.data,
        rule_id=form.rule_id.data or "",
        question_id=as_submission(form.submission_id),
        actor=actor(),
        now=clock.utc_now(),
    )
    flash("Question added", "success")
    return redirect(url_for("answering.write_questions", reference=case.reference, inquiry_id=inquiry.id))


@bp.route("/cases/<reference>/inquiries/<uuid:inquiry_id>/questions/<uuid:question_id>/remove", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def remove_question(reference: str, inquiry_id: UUID, question_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    inquiry = queries.get_inquiry(case, inquiry_id)
    question = queries.get_question(case, inquiry, question_id)
    form = ConfirmForm()
    form.confirm.label.text = "Take the question out"
    if form.validate_on_submit():
        try:
            services.remove_question(case, inquiry, question_id, actor=actor(), now=clock.utc_now())
            flash("Question taken out", "success")
            return redirect(url_for("answering.write_questions", reference=reference, inquiry_id=inquiry_id))
        except DomainError as error:
            form.add_error(error)
    return render_template(
        "answering/remove_question.html", case=case, form=form, text=question.text(case.data_key), inquiry=inquiry
    )


@bp.route("/cases/<reference>/inquiries/<uuid:inquiry_id>/entry", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def offer_entry(reference: str, inquiry_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    inquiry = queries.get_inquiry(case, inquiry_id)
    form = EntryForm(data=let_out(case) or {"text": inquiry.entry(case.data_key) or _entry_of(case)})
    if form.validate_on_submit():
        try:
            services.offer_entry(case, inquiry, form.text.data, actor=actor(), now=clock.utc_now())
            return back_to(case, "The authority can now read the text and reply to it")
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.add_error(error)
    return render_template("answering/offer_entry.html", case=case, form=form)


def _entry_of(case: Case) -> str:
    """Return the text that is being worked on for publication, empty when there is none."""
    draft = find_open_publication(case)
    if draft is None:
        return ""
    return f"{draft.content.issue_text}\n\n{draft.content.outcome_text}".strip()


@bp.get("/cases/<reference>/answers/files/<uuid:answer_file_id>")
@requires(Permission.CASE_READ)
def download_file(reference: str, answer_file_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    inquiry, file = queries.get_file(case, answer_file_id)
    try:
        pieces = open_file(file, by=signed_in_user(), now=clock.utc_now())
    except StoreError as error:
        raise UnavailableError(UNREADABLE) from error
    name = f"{case.reference}-answer-{inquiry.reference}-{file.position}.{file.copy_extension}"
    return as_download(pieces, name=name, size=file.copy_size or 0)
