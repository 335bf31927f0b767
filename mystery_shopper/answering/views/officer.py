"""The officer's page: what is asked, why and by when; draft, files, sending, and the copy of what was sent."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.answering import queries, services
from mystery_shopper.answering.forms.officer import AnswersForm, FilesForm, RemoveForm, SendForm, answers_form
from mystery_shopper.answering.queries import OpenPage, QuestionView
from mystery_shopper.answering.services.answering import SavedMeanwhileError
from mystery_shopper.answering.states import OFFICER_DECISION_LABELS, OFFICER_KIND_LABELS
from mystery_shopper.answering.views import answer_bp as bp
from mystery_shopper.answering.views.entering import current_page
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import TIMED_OUT, as_version
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited, max_body
from mystery_shopper.core.permissions import public
from mystery_shopper.evidence.forms import sent_files, show_refused
from mystery_shopper.evidence.limits import body_limit
from mystery_shopper.evidence.queries import list_files
from mystery_shopper.evidence.showing import show_own
from mystery_shopper.evidence.uploading import Upload, take_all


@bp.route("", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def show_questions() -> ResponseReturnValue:
    page = current_page()
    questions = queries.list_questions(page.case, page.inquiry)
    form = answers_form(questions)
    if request.method != "POST":
        form.version.data = str(page.inquiry.version)
    elif form.validate_on_submit():
        try:
            return _save(page, questions, form)
        except SavedMeanwhileError as error:
            form.add_error(error)
            form.version.data = str(page.inquiry.version)
            return _draw(page, questions, form, show_stored=True)
        except DomainError as error:
            form.add_error(error)
    return _draw(page, questions, form)


def _save(page: OpenPage, questions: list[QuestionView], form: AnswersForm) -> ResponseReturnValue:
    services.save_draft(page, form.answers(questions), version=as_version(form.version), now=clock.utc_now())
    if form.check.data:
        return redirect(url_for("answer.send_answer"))
    flash(str(_("Draft saved. Nothing has been sent yet")), "success")
    return redirect(url_for("answer.show_questions"))


def _draw(
    page: OpenPage, questions: list[QuestionView], form: AnswersForm, *, show_stored: bool = False
) -> ResponseReturnValue:
    return render_template(
        "answer/show_questions.html",
        form=form,
        page=page,
        person=page.officer.person(page.key),
        contact=page.inquiry.contact(page.key),
        due_on=page.inquiry.intervention.response_due_on,
        questions=questions,
        show_stored=show_stored,
        files=[show_own(file) for file in list_files(page.holder)],
        requests=queries.own_requests(page),
        officer_kinds=OFFICER_KIND_LABELS,
        officer_decisions=OFFICER_DECISION_LABELS,
        has_entry=page.inquiry.entry_sealed is not None,
        leave_form=RemoveForm(formdata=None),
    )


@bp.route("/files", methods=["GET", "POST"])
@public
@limited(Limit.UPLOAD)
@max_body(body_limit())
def add_files() -> ResponseReturnValue:
    current_page()
    form = FilesForm()
    if form.validate_on_submit():
        upload = take_all(sent_files(form.files), now=clock.utc_now())
        try:
            upload.keep(_add)
        except DomainError as error:
            upload.refused.append(error.message)
        if not upload.refused:
            return redirect(url_for("answer.add_files"))
        show_refused(form, upload)
    page = current_page()
    files = [show_own(file) for file in list_files(page.holder)]
    remove_form = RemoveForm(formdata=None)
    return render_template("answer/add_files.html", form=form, page=page, files=files, remove_form=remove_form)


@transactional
def _add(upload: Upload) -> None:
    services.add_files(current_page(), upload, now=clock.utc_now())
    if words := upload.words():
        flash(words, "success" if upload.added and not upload.refused else "message")


@bp.post("/files/remove")
@public
@limited(Limit.PAGE)
@transactional
def remove_file() -> ResponseReturnValue:
    page = current_page()
    if not RemoveForm().validate_on_submit():
        raise DomainError(TIMED_OUT)
    name = services.remove_file(page, request.form.get("file", ""), now=clock.utc_now())
    flash(_("{name} removed", name=name), "success")
    return redirect(url_for("answer.add_files"))


@bp.route("/check", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def send_answer() -> ResponseReturnValue:
    page = current_page()
    form = SendForm()
    if form.validate_on_submit():
        try:
            services.send_answer(page, version=as_version(form.version), now=clock.utc_now())
            return redirect(url_for("answer.show_sent"))
        except DomainError as error:
            form.add_error(error)
    if page.inquiry.sent_at is not None:
        return redirect(url_for("answer.show_sent"))
    form.version.data = str(page.inquiry.version)
    questions = queries.list_questions(page.case, page.inquiry)
    files = [show_own(file) for file in list_files(page.holder)]
    return render_template("answer/send_answer.html", form=form, page=page, questions=questions, files=files)


@bp.route("/sent")
@public
def show_sent() -> ResponseReturnValue:
    page = current_page()
    if page.inquiry.sent_at is None:
        return redirect(url_for("answer.show_questions"))
    return render_template("answer/show_sent.html", page=page, contact=page.inquiry.contact(page.key))


@bp.route("/copy.txt")
@public
def download_copy() -> ResponseReturnValue:
    page = current_page()
    if page.inquiry.sent_at is None:
        return redirect(url_for("answer.show_questions"))
    text = render_template(
        "answer/copy.txt",
        page=page,
        questions=queries.list_questions(page.case, page.inquiry),
        files=[show_own(file) for file in list_files(page.holder)],
    )
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="answer-{page.inquiry.reference}.txt"'
    return response
