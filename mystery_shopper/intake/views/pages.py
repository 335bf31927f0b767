"""The pages of the journey: show one, keep its answers, go on."""

from uuid import UUID

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.languages import _, current
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.intake import forms, journey, noticed, queries, questions, scope, services, summary
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.forms.base import mark_of
from mystery_shopper.intake.journey import Page
from mystery_shopper.intake.queries import OpenDraft
from mystery_shopper.intake.titles import BY_SLUG
from mystery_shopper.intake.views.blueprints import bp
from mystery_shopper.intake.views.drafts import link, number_of, open_current

CHECK = "check"
OVERTAKEN = _(
    "You saved this page in another window since you opened it here. Check both, then select the button again"
)

PAGE_FORMS: dict[str, type[forms.PageForm]] = {
    journey.SCOPE_BODY: forms.ScopeBodyForm,
    journey.SCOPE_CHECKS: forms.ScopeChecksForm,
    "who-you-are": forms.KindForm,
    journey.MEMBER: forms.MemberForm,
    "how-to-be-known": forms.KnownForm,
    "contact": forms.ContactForm,
    "barriers": forms.BarriersForm,
    "what-happened": forms.StoryForm,
    "raised": forms.RaisedForm,
}

FACT_FORMS: dict[str, type[forms.FactsForm]] = {
    journey.PROCUREMENT_PAGE: forms.ProcurementForm,
    journey.DATES: forms.DatesForm,
    journey.NOTICE_FACTS: forms.NoticeFactsForm,
}


def form_class(page: Page, answers: Answers) -> type[forms.PageForm]:
    """Return the form of a page: written by hand, or made from the page's facts or from what was found."""
    if page.slug == journey.FOUND:
        return forms.found_form(answers, current())
    base = FACT_FORMS.get(page.slug, forms.FactsForm)
    return PAGE_FORMS.get(page.slug) or forms.facts_form(page.facts, base, current())


def make_form(page: Page, draft_id: UUID, answers: Answers, **options: object) -> forms.PageForm:
    """Return the form of a page, filled with the stored answers; what the browser sent comes first."""
    kind = form_class(page, answers)
    stored = kind.stored(answers)
    data = {**stored, "seen": mark_of(stored), "draft": str(draft_id), "return_to": request.args.get("return_to", "")}
    form = kind(data=data, **options)
    if isinstance(form, forms.BarriersForm):
        form.offer(queries.families())
    if isinstance(form, forms.DatesForm):
        form.learnt_on.latest = clock.today()
    return form


def find_page(slug: str, answers: Answers) -> Page:
    """Return a page of this report.

    Raises:
        NotFoundError: the report has no such page.
    """
    if slug == journey.MORE:
        page = questions.page_of_questions(answers)
    else:
        page = journey.find_page(slug, answers, queries.families())
    if page is None:
        raise NotFoundError
    return page


@bp.route("/<slug>", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def show_page(slug: str) -> ResponseReturnValue:
    draft = open_current()
    page = find_page(slug, draft.answers)
    form = make_form(page, draft.row.id, draft.answers)
    overtaken: tuple[str, ...] = ()
    if form.validate_on_submit():
        overtaken = find_overtaken(draft, form)
        saved = None if overtaken else save_page(draft, page, form)
        if saved is not None:
            return redirect(next_address(saved, page, form))
    return draw_page(draft, page, form, overtaken)


def find_overtaken(draft: OpenDraft, form: forms.PageForm) -> tuple[str, ...]:
    """Return the words another window saved on this page since it was opened, and say so on the form."""
    words = form.overtaken_by(draft.answers)
    if words:
        form.add_error(OVERTAKEN)
    return words


def save_page(draft: OpenDraft, page: Page, form: forms.PageForm) -> OpenDraft | None:
    """Keep the answers of a page; None when they were refused, with the reason on the form."""
    answers = form.apply(draft.answers)
    if not form.has_gaps:
        answers = answers.with_saved(page.slug)
    try:
        return services.save_answers(draft, answers, now=clock.reporter_now())
    except DomainError as error:
        form.add_error(error)
        return None


def draw_page(
    draft: OpenDraft, page: Page, form: forms.PageForm, overtaken: tuple[str, ...] = ()
) -> ResponseReturnValue:
    """Draw a page of the journey."""
    number = number_of(draft.row.id)
    before = journey.slug_before(page.slug, draft.answers, queries.families())
    if form.return_to.data == CHECK:
        back = link("intake.check", number)
    elif page.slug == journey.MORE:
        back = link("intake.view", number)
    else:
        back = address_of(before, number) if before else link("intake.tasks", number)
    return render_template(
        form.template,
        form=form,
        page=page,
        overtaken=overtaken,
        history_title=BY_SLUG.get(page.slug, ""),
        section=journey.section_of(page),
        back=back,
        action=address_of(page.slug, number),
        tasks_address=link("intake.tasks", number),
        notice_address=link("intake.find_notice", number),
        notice=noticed.used(draft.answers),
        notice_rows=summary.fact_rows(page, draft.answers) if page.slug == journey.NOTICE_FACTS else (),
        findings=form.show(draft.answers) if isinstance(form, forms.FoundForm) else (),
        decides=questions.what_each_decides(draft.answers, page) if page.slug == journey.MORE else {},
    )


def is_worth_saying(answers: Answers) -> bool:
    """Tell whether the scope check came to anything but "we can look into this": that needs no page."""
    found = scope.decide(queries.scope_given(answers))
    return found is not None and found.result is not scope.ScopeResult.IN_SCOPE


def is_new_to_scope(page: Page, answers: Answers) -> bool:
    """Tell whether a page may have changed what the scope check comes to: its own, and a buyer the register knows."""
    is_buyer = page.slug == journey.AUTHORITY and queries.scope_given(answers) != journey.scope_path(answers)
    return page.slug in journey.SCOPE_PAGES or is_buyer


def address_of(slug: str, number: int, return_to: str = "") -> str:
    """Return the address of a page by its slug."""
    extra = {"return_to": return_to} if return_to else {}
    if slug == journey.AUTHORITY:
        return link("intake.choose_authority", number, **extra)
    return link("intake.show_page", number, slug=slug, **extra)


def next_address(draft: OpenDraft, page: Page, form: forms.PageForm) -> str:
    """Return where a saved page leads: on, back to the answers, or to the receipt code."""
    number = number_of(draft.row.id)
    families = queries.families()
    following = journey.slug_after(page.slug, draft.answers, families)
    if form.later.data:
        return link("intake.save_for_later", number)
    if form.steps.data:
        return link("intake.tasks", number)
    if page.slug == journey.MORE:
        return link("intake.view", number)
    if is_new_to_scope(page, draft.answers) and is_worth_saying(draft.answers):
        return link("intake.scope_result", number)
    if form.return_to.data == CHECK:
        open_slug = journey.next_open_of_task(page.slug, draft.answers, families)
        return address_of(open_slug, number, CHECK) if open_slug else link("intake.check", number)
    return address_of(following, number) if following else _after_the_last(draft.answers, number)


def _after_the_last(answers: Answers, number: int) -> str:
    """Return the page of questions that would decide most, once; then what the rules say."""
    asks_more = journey.MORE not in answers.saved and questions.page_of_questions(answers) is not None
    return address_of(journey.MORE, number) if asks_more else link("intake.view", number)
