"""The optional step "Find the notice": we look in what operators imported, never on the internet.

What is found is kept in the draft, and fills in answers once the reporter says so. Nothing here tells whether anybody
else reported the notice.
"""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.authorities.queries import match_name
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import _, current
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.facts.policy import display, from_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake import forms, journey, noticed, services
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.queries import OpenDraft, notice_of
from mystery_shopper.intake.views.blueprints import bp
from mystery_shopper.intake.views.drafts import link, number_of, open_current
from mystery_shopper.intake.views.pages import address_of
from mystery_shopper.notices.comparing import describe, service_name
from mystery_shopper.notices.policy import NoticeView
from mystery_shopper.notices.queries import find_by_hash, list_versions
from mystery_shopper.notices.queries import find_notice as look_up
from mystery_shopper.notices.reading import ReadRelease, read_releases
from mystery_shopper.notices.references import key_of

SHOWN = ("title", "buyer", "value", "published", "deadline", "runs", "procedure", "award")
NOT_READ = _(
    "Enter a notice number, like 012345-2026, a number that begins with ocds-, or the address of a page on "
    "Find a Tender or Contracts Finder"
)
SEVERAL = _("What you pasted holds notices of several procurements. Paste the one you report")


@bp.route("/notice", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def find_notice() -> ResponseReturnValue:
    draft = open_current()
    number = number_of(draft.row.id)
    form = forms.NoticeForm(data={"draft": str(draft.row.id)})
    is_missing = False
    if form.validate_on_submit():
        try:
            offered = _find(draft, form)
        except DomainError as error:
            form.add_error(error)
        else:
            if offered is not None:
                services.save_answers(draft, offered, now=clock.reporter_now())
                return redirect(link("intake.check_notice", number))
            is_missing = True
    shown = {"onward": address_of(_page_to_fill(draft.answers), number), "current": noticed.used(draft.answers)}
    return render_template(
        "intake/find_notice.html", form=form, number=number, link=link, is_missing=is_missing, **shown
    )


def _find(draft: OpenDraft, form: forms.NoticeForm) -> Answers | None:
    """Return the answers with the notice to look at, None when we do not have it.

    Raises:
        DomainError: nothing is named that we can read.
    """
    if form.typed.data:
        if key_of(form.typed.data) is None:
            raise DomainError(NOT_READ, field="typed")
        notice = look_up(form.typed.data, public_only=True)
        if notice is None:
            return None
        newest = list_versions(notice.id, public_only=True)[-1]
        return noticed.offer(draft.answers, version_id=str(newest.id), number=newest.number)
    if not form.pasted.data:
        raise DomainError(NOT_READ, field="typed")
    release = _pasted(form.pasted.data)
    receipts.refuse_known_code(release.content.decode(), draft.code, field="pasted")
    known = find_by_hash(release.sha256)
    if known is not None and known in list_versions(known.notice_id, public_only=True):
        return noticed.offer(draft.answers, version_id=str(known.id), number=known.number)
    return noticed.offer(draft.answers, copy=release.content.decode(), number=release.view.number)


def _pasted(text: str) -> ReadRelease:
    """Return the newest release of what was pasted.

    Raises:
        DomainError: it cannot be read, or is about several procurements.
    """
    try:
        releases = read_releases(text)
    except DomainError as error:
        raise DomainError(
            _("We cannot read what you pasted. {reason}", reason=error.message)[:500], field="pasted"
        ) from error
    if len({release.view.ocid for release in releases}) > 1:
        raise DomainError(SEVERAL, field="pasted")
    return max(releases, key=lambda release: release.view.released_at)


@bp.route("/notice/found", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def check_notice() -> ResponseReturnValue:
    draft = open_current()
    number = number_of(draft.row.id)
    view = notice_of(draft.answers)
    if view is None:
        return redirect(link("intake.find_notice", number))
    form = forms.UseNoticeForm(data={"draft": str(draft.row.id)})
    if form.validate_on_submit():
        return _decide(draft, view, form)
    return render_template(
        "intake/check_notice.html",
        form=form,
        service=service_name(view),
        view=view,
        rows=[(field.title, field.text) for field in describe(view) if field.key in SHOWN],
        facts=_facts(view),
        kept=_kept_own(draft.answers),
        is_used=noticed.used(draft.answers) is not None,
        number=number,
        link=link,
    )


def _decide(draft: OpenDraft, view: NoticeView, form: forms.UseNoticeForm) -> ResponseReturnValue:
    number = number_of(draft.row.id)
    if form.drop.data:
        services.save_answers(draft, noticed.drop(draft.answers), now=clock.reporter_now())
        return redirect(link("intake.find_notice", number))
    buyer = match_name(view.buyer.name).key
    answers = noticed.use(draft.answers, view, authority_id=str(buyer) if buyer else "")
    services.save_answers(draft, answers, now=clock.reporter_now())
    return redirect(address_of(_page_to_fill(answers), number))


def _page_to_fill(answers: Answers) -> str:
    """Return the page on which the details of the procurement go on: the buyer comes first."""
    return journey.PROCUREMENT_PAGE if journey.AUTHORITY in answers.saved else journey.AUTHORITY


def _facts(view: NoticeView) -> list[tuple[str, str]]:
    """Return the facts of the notice in words."""
    definitions = registry()
    given = noticed.facts_for_reporters(view).items()
    return [
        (
            definitions[name].title_in(current()),
            display(definitions[name], from_json(definitions[name], raw), current()),
        )
        for name, raw in given
    ]


def _kept_own(answers: Answers) -> bool:
    """Tell whether the reporter has answered something already that a notice would fill in."""
    return (
        request.method == "GET"
        and noticed.used(answers) is None
        and bool(answers.authority_text or answers.procurement_title or answers.facts)
    )
