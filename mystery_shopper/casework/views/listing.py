"""The list of cases and its CSV file."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import list_assignable
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import record_access
from mystery_shopper.cases.search import highlight_words
from mystery_shopper.casework.export import BATCH, Batch, cases_csv
from mystery_shopper.casework.filter_form import ALWAYS, FilterForm, chips, kept_arguments
from mystery_shopper.casework.policy import CaseFilter, Column, Figure, figures
from mystery_shopper.casework.queries import listing
from mystery_shopper.casework.views import bp
from mystery_shopper.core import clock
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.pagination import decode_cursor
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.teamwork.queries.labels import labels_of, list_labels

ALL_CASES = "all"


@bp.get("/cases")
@requires(Permission.CASE_READ)
def list_cases() -> ResponseReturnValue:
    form = filter_form()
    form.validate()
    user, wanted = signed_in_user(), form.to_filter()
    if wanted.q:
        record_access(Action.SEARCH_RUN, actor=user.actor, subject="case", subject_id=ALL_CASES, now=clock.utc_now())
    page = listing.list_cases(user, wanted, today=clock.today(), cursor=decode_cursor(request.args.get("cursor")))
    return render_template(
        "casework/list_cases.html",
        form=form,
        page=page,
        wanted=wanted,
        raised=listing.raised_rules(page.items) if Column.FLAGS in form.columns() else {},
        labels=labels_of(page.items) if Column.LABELS in form.columns() else {},
        always=ALWAYS,
        chips=[
            {"text": text, "href": address("casework.list_cases", rest)} for text, rest in chips(form, request.args)
        ],
        links={"next": _page_url(page.next_cursor), "previous": _page_url(page.previous_cursor)},
        export_href=address("casework.export_cases", kept()),
        highlight_words=highlight_words,
        today=clock.today(),
        can_work=Permission.CASE_WORK in user.permissions,
        can_allocate=Permission.CASE_ALLOCATE in user.permissions,
        kept=list(kept().items(multi=True)),
        bulk_most=figures()[Figure.BULK_CASES],
    )


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
