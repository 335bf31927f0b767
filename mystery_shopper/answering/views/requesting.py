"""What officers ask of us: what we mean, more time, a colleague; and their reply to the text we want to publish."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.answering import queries, services
from mystery_shopper.answering.forms.officer import ClarificationForm, ColleagueForm, ReplyForm, TimeForm
from mystery_shopper.answering.queries import OpenPage
from mystery_shopper.answering.views import answer_bp as bp
from mystery_shopper.answering.views.entering import current_page
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import YES, GovForm
from mystery_shopper.core.languages import _
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public


@bp.route("/clarification", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def ask_clarification() -> ResponseReturnValue:
    page, form = current_page(), ClarificationForm()
    return _take(
        page,
        form,
        lambda: services.ask_what_is_meant(page, form.text.data, now=clock.utc_now()),
        template="answer/ask_clarification.html",
    )


@bp.route("/time", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def ask_time() -> ResponseReturnValue:
    page, form = current_page(), TimeForm()
    return _take(
        page,
        form,
        lambda: services.ask_for_time(page, form.until.data, form.text.data, now=clock.utc_now()),
        template="answer/ask_time.html",
    )


@bp.route("/colleague", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def name_colleague() -> ResponseReturnValue:
    page, form = current_page(), ColleagueForm()

    def name_them() -> None:
        takes_over = form.takes_over.data == YES
        services.name_colleague(page, form.to_person(), form.text.data, takes_over=takes_over, now=clock.utc_now())

    return _take(page, form, name_them, template="answer/name_colleague.html")


@bp.route("/entry", methods=["GET", "POST"])
@public
@limited(Limit.REPORT)
@transactional
def reply_to_entry() -> ResponseReturnValue:
    page, form = current_page(), ReplyForm()
    if page.inquiry.entry_sealed is None:
        return redirect(url_for("answer.show_questions"))
    return _take(
        page,
        form,
        lambda: services.reply_to_entry(page, form.text.data, now=clock.utc_now()),
        template="answer/reply_to_entry.html",
        entry=page.inquiry.entry(page.key),
        has_replied=queries.has_replied(page.inquiry),
    )


def _take(
    page: OpenPage, form: GovForm, take: Callable[[], None], *, template: str, **shown: object
) -> ResponseReturnValue:
    """Do what a form asks for and go back to the questions, or show the form."""
    if form.validate_on_submit():
        try:
            take()
            flash(str(_("We have what you sent. Our reply will stand on this page")), "success")
            return redirect(url_for("answer.show_questions"))
        except DomainError as error:
            form.add_error(error)
    due_on = page.inquiry.intervention.response_due_on
    return render_template(template, form=form, page=page, due_on=due_on, **shown)
