"""The list of cases and its CSV file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from flask import Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import list_assignable
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import record_access
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.search import highlight_words
from mystery_shopper.casework.export import BATCH, Batch, cases_csv
from mystery_shopper.casework.filter_form import ALWAYS, VIEW, FilterForm, chips, kept_arguments
from mystery_shopper.casework.policy import CaseFilter, Column, Figure, figures
from mystery_shopper.casework.queries import listing
from mystery_shopper.casework.queries.saved_views import View, count_new, list_views
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.pagination import Page, decode_cursor
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.teamwork.queries.labels import labels_of, list_labels

ALL_CASES = "all"


@dataclass(frozen=True)
class ViewLink:
    """A saved view above the list; `new`: how many cases are new in it, "" for none."""

    view: View
    new: str
    is_current: bool


@bp.get("/cases")
@requires(Permission.CASE_READ)
def list_cases() -> ResponseReturnValue:
    user, form = signed_in_user(), filter_form()
    views = list_views(user) if user.can(Permission.CASE_WORK) else []
    default = next((view for view in views if view.is_default), None)
    if default is not None and not request.args:
        return redirect(url_for("casework.open_view", view_id=default.id))
    form.validate()
    wanted = form.to_filter()
    if wanted.q:
        record_access(Action.SEARCH_RUN, actor=user.actor, subject="case", subject_id=ALL_CASES, now=clock.utc_now())
    page = listing.list_cases(user, wanted, today=clock.today(), cursor=decode_cursor(request.args.get("cursor")))
    return render_template(
        "casework/list_cases.html",
        form=form,
        page=page,
        wanted=wanted,
        views=_view_links(views, user, form),
        **_columns(form, page.items),
        **_links(form, page),
        **_what_can_be_done(user),
        today=clock.today(),
    )


def _view_links(views: Sequence[View], user: StaffMember, form: FilterForm) -> list[ViewLink]:
    """Return the views with what is new in each, capped; nothing in the one that is open, or was never opened."""
    current, most = request.args.get(VIEW), figures()[Figure.NEW_COUNTED]
    seen = {view: view.seen_sequence for view in views if str(view.id) != current}
    filters = {view.id: (_filter_of(view, form), last) for view, last in seen.items() if last is not None}
    counted = dict(zip(filters, count_new(list(filters.values()), user, clock.today()), strict=True))
    words = {view_id: f"{most}+" if count > most else str(count) for view_id, count in counted.items() if count}
    return [ViewLink(view, words.get(view.id, ""), str(view.id) == current) for view in views]


def _filter_of(view: View, offered: FilterForm) -> CaseFilter:
    form = FilterForm(formdata=MultiDict(parse_qsl(view.query)))
    form.offer_same(offered)
    form.validate()
    return form.to_filter()


def _columns(form: FilterForm, cases: Sequence[Case]) -> dict[str, Any]:
    """Return what the columns show; what is in none of them is not read."""
    return {
        "always": ALWAYS,
        "raised": listing.raised_rules(cases) if Column.FLAGS in form.columns() else {},
        "labels": labels_of(cases) if Column.LABELS in form.columns() else {},
        "highlight_words": highlight_words,
    }


def _links(form: FilterForm, page: Page[Case]) -> dict[str, Any]:
    return {
        "chips": [
            {"text": text, "href": address("casework.list_cases", rest)} for text, rest in chips(form, request.args)
        ],
        "links": {"next": _page_url(page.next_cursor), "previous": _page_url(page.previous_cursor)},
        "export_href": address("casework.export_cases", kept()),
        "save_view_href": address("casework.save_view", kept()),
        "kept": list(kept().items(multi=True)),
    }


def _what_can_be_done(user: StaffMember) -> dict[str, Any]:
    return {
        "can_work": user.can(Permission.CASE_WORK),
        "can_allocate": user.can(Permission.CASE_ALLOCATE),
        "bulk_most": figures()[Figure.BULK_CASES],
    }


@bp.get("/cases.csv")
@requires(Permission.CASE_READ, step_up=True)
def export_cases() -> ResponseReturnValue:
    form = filter_form()
    if not form.validate():
        raise DomainError("Mend the filters of the list before you download it.")
    user, wanted, most = signed_in_user(), form.to_filter(), figures()[Figure.EXPORT_CASES]
    if listing.is_more_than(user, wanted, most, today=clock.today()):
        raise DomainError(f"The list has more than {most:,} cases. Filter it before you download it.")
    record_access(Action.EXPORT_MADE, actor=user.actor, subject="case", subject_id=ALL_CASES, now=clock.utc_now())
    columns = form.columns() if "column" in request.args else tuple(Column)
    lines = cases_csv(_batches(user, wanted, clock.today(), columns), columns)
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="cases-{clock.today().isoformat()}.csv"'
    return response


def _batches(user: StaffMember, wanted: CaseFilter, today: date, columns: tuple[Column, ...]) -> Iterator[Batch]:
    """Yield the cases of a file with what it says of them; what it does not say is not read."""
    for cases in listing.read_for_export(user, wanted, today=today, batch=BATCH):
        rules = listing.raised_rules(cases) if Column.FLAGS in columns else {}
        labels = labels_of(cases) if Column.LABELS in columns else {}
        yield cases, rules, {case_id: [label.name for label in found] for case_id, found in labels.items()}


def filter_form() -> FilterForm:
    """Return the filters of the address, with all that can be chosen."""
    form = FilterForm(formdata=request.args)
    form.offer(
        ((str(person.id), person.name) for person in list_assignable()),
        ((rule.id, rule.title) for rule in catalogue().rules),
        registry().values(),
        ((regime.id, regime.title) for regime in catalogue().regimes.items),
        ((str(label.id), label.name) for label in list_labels(with_retired=True)),
    )
    return form


def kept() -> MultiDict[str, str]:
    """Return the filters of the address, without the page that was shown."""
    return MultiDict(kept_arguments(request.args))


def address(endpoint: str, arguments: MultiDict[str, str], **more: Any) -> str:
    """Return an address with all its filters, those given several times too."""
    values: dict[str, Any] = arguments.to_dict(flat=False)
    return url_for(endpoint, **values, **more)


def _page_url(cursor: str | None) -> str:
    return address("casework.list_cases", kept(), cursor=cursor) if cursor else ""
