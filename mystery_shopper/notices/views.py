"""Notices as staff see them: list, one notice, its versions, what differs between two, the frozen copy."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.notices import queries
from mystery_shopper.notices.comparing import kind_of, service_name
from mystery_shopper.notices.forms import CompareForm, FilterForm
from mystery_shopper.notices.models import Notice, NoticeVersion
from mystery_shopper.notices.policy import DIALECT_NAMES, london_day
from mystery_shopper.notices.showing import changes_between, sheet_of, state_at

bp = Blueprint("notices", __name__, url_prefix="/notices")
FILTERS = ("words", "service")
SANDBOX = "sandbox; default-src 'none'"


@bp.get("")
@requires(Permission.CASE_READ)
@limited(Limit.SEARCH)
def list_notices() -> ResponseReturnValue:
    form = FilterForm(formdata=request.args)
    form.validate()
    page = queries.list_notices(form.to_filter(), request.args.get("cursor"))
    return render_template(
        "notices/list_notices.html",
        form=form,
        page=page,
        chips=_chips(form),
        services=DIALECT_NAMES,
        kind_of=_kind,
        links={"next": _page_url(page.next_cursor), "previous": _page_url(page.previous_cursor)},
    )


@bp.get("/<uuid:notice_id>")
@requires(Permission.CASE_READ)
def show_notice(notice_id: UUID) -> ResponseReturnValue:
    notice = queries.get_notice(notice_id)
    versions = queries.list_versions(notice.id)
    view = state_at(versions, versions[-1].id)
    return render_template(
        "notices/show_notice.html",
        notice=notice,
        sheet=sheet_of(view),
        service=service_name(view),
        versions=versions,
        received=_received(notice),
        kind_of=_kind,
        day_of=london_day,
    )


@bp.get("/<uuid:notice_id>/compare")
@requires(Permission.CASE_READ)
def compare_versions(notice_id: UUID) -> ResponseReturnValue:
    notice = queries.get_notice(notice_id)
    versions = queries.list_versions(notice.id)
    form = _compare_form(versions)
    changes = None
    if form.validate():
        changes = changes_between(versions, UUID(form.old.data), UUID(form.new.data))
    return render_template(
        "notices/compare_versions.html", notice=notice, form=form, changes=changes, is_single=len(versions) == 1
    )


def _compare_form(versions: Sequence[NoticeVersion]) -> CompareForm:
    """Return the form, filled with the last two versions when the address names none."""
    last = {"old": str(versions[max(0, len(versions) - 2)].id), "new": str(versions[-1].id)}
    form = CompareForm(formdata=request.args if {"old", "new"} & set(request.args) else None, data=last)
    form.offer((version.id, _label(number, version)) for number, version in enumerate(versions, start=1))
    return form


def _label(number: int, version: NoticeVersion) -> str:
    day = london_day(version.released_at) or version.released_at.date()
    return f"Version {number}: {_kind(version)}, {format_day(day)}"


def _kind(one: Notice | NoticeVersion) -> str:
    return kind_of(tuple(one.tags.split()))


@bp.get("/<uuid:notice_id>/versions/<uuid:version_id>")
@requires(Permission.CASE_READ)
def show_version(notice_id: UUID, version_id: UUID) -> ResponseReturnValue:
    notice = queries.get_notice(notice_id)
    version = queries.get_version(notice, version_id)
    return render_template(
        "notices/show_version.html",
        notice=notice,
        version=version,
        sheet=sheet_of(state_at([version], version.id)),
        received=_received(notice)[version.id],
        kind=_kind(version),
        day_of=london_day,
    )


@bp.get("/<uuid:notice_id>/versions/<uuid:version_id>.json")
@requires(Permission.CASE_READ)
def download_version(notice_id: UUID, version_id: UUID) -> ResponseReturnValue:
    version = queries.get_version(queries.get_notice(notice_id), version_id)
    return frozen_copy(version.content, f"notice-{version.sha256[:16]}.json")


def frozen_copy(content: bytes, name: str) -> Response:
    """Return a frozen copy as a file to keep: never shown by the browser as a page of ours."""
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _received(notice: Notice) -> dict[UUID, list[queries.Receipt]]:
    """Return by which ways each version came."""
    found: dict[UUID, list[queries.Receipt]] = {}
    for receipt in queries.list_receipts(notice.id):
        found.setdefault(receipt.version_id, []).append(receipt)
    return found


def _kept() -> dict[str, str]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _address(**values: str) -> str:
    return url_for("notices.list_notices", **values)  # type: ignore[arg-type]


def _page_url(cursor: str | None) -> str:
    return _address(**_kept(), cursor=cursor) if cursor else ""


def _chips(form: FilterForm) -> list[dict[str, str]]:
    """Return one chip for each filter that is on, with the address of the list without it."""
    kept, wanted = _kept(), form.to_filter()
    shown = {"words": wanted.words, "service": DIALECT_NAMES[wanted.dialect] if wanted.dialect else ""}
    return [
        {
            "text": f"{form[name].label.text}: {shown[name]}",
            "href": _address(**{other: kept[other] for other in kept if other != name}),
        }
        for name in kept
        if shown[name]
    ]
