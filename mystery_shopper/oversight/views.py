"""The pages of auditors. That the log was read is on record in it."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.audit import queries, services
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.verification import AnchorFileError
from mystery_shopper.core import clock
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import TIMED_OUT, GovForm
from mystery_shopper.core.pagination import whole_number
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.oversight.export import EXPORT_LIMIT, entries_csv
from mystery_shopper.oversight.forms import LogFilterForm
from mystery_shopper.oversight.queries import (
    ANCHORS_SHOWN,
    known_actor,
    list_anchors,
    show_entries,
    usable_anchors,
)

bp = Blueprint("oversight", __name__)

CHECKED_AT_ONCE = 100_000
"""Entries that one press of the button checks: some seconds of work."""
WHOLE_LOG = "all"


@bp.get("/audit")
@requires(Permission.AUDIT_READ)
def list_entries() -> ResponseReturnValue:
    form, wanted = _filter()
    page = queries.list_entries(wanted, request.args.get("cursor"))
    _note(Action.AUDIT_VIEWED, wanted)
    return render_template(
        "oversight/list_entries.html",
        form=form,
        entries=show_entries(page.items),
        links={"next": _address(page.next_cursor), "previous": _address(page.previous_cursor)},
        export_href=url_for("oversight.export_entries", **_kept()),
        checked=request.args.get("checked", type=int),
    )


@bp.get("/audit.csv")
@requires(Permission.AUDIT_READ, step_up=True)
def export_entries() -> ResponseReturnValue:
    form, wanted = _filter()
    if form.errors:
        raise DomainError("Mend the filters of the log before you download it.")
    found = queries.list_for_export(wanted, limit=EXPORT_LIMIT + 1)
    if len(found) > EXPORT_LIMIT:
        raise DomainError(f"These are more than {EXPORT_LIMIT:,} entries. Filter them before you download them.")
    _note(Action.EXPORT_MADE, wanted)
    response = Response(entries_csv(show_entries(found)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{clock.today().isoformat()}.csv"'
    return response


@bp.post("/audit/verify")
@requires(Permission.AUDIT_READ)
def verify_log() -> ResponseReturnValue:
    if not GovForm().validate_on_submit():
        raise DomainError(TIMED_OUT)
    after = whole_number(request.form.get("after", "0"))
    result = services.verify_log(
        actor=signed_in_user().actor,
        now=clock.utc_now(),
        anchors=usable_anchors(_anchor_file()),
        after=after,
        limit=CHECKED_AT_ONCE,
    )
    flash(result.summary, "success" if result.is_whole else "error")
    checked = result.entries if result.is_whole and not result.is_end else None
    return redirect(url_for("oversight.list_entries", checked=checked))


@bp.get("/audit/anchors")
@requires(Permission.AUDIT_READ)
def show_anchors() -> ResponseReturnValue:
    path, problem = _anchor_file(), ""
    try:
        anchors = list_anchors(path)
    except AnchorFileError:
        anchors, problem = [], "The anchor file cannot be read. Tell whoever runs the service."
    return render_template(
        "oversight/show_anchors.html",
        anchors=anchors,
        shown=ANCHORS_SHOWN,
        is_set=path is not None,
        problem=problem,
    )


def _anchor_file() -> Any:
    return current_app.extensions["settings"].audit_anchors


def _filter() -> tuple[LogFilterForm, queries.EntryFilter]:
    form = LogFilterForm(formdata=request.args)
    form.validate()
    return form, form.to_filter()


def _note(action: Action, wanted: queries.EntryFilter) -> None:
    """Put on record that the log was read: of a case, or of a person, or at large."""
    person = known_actor(wanted.actor) if wanted.actor else WHOLE_LOG
    subject_id = wanted.subject_ids[0] if wanted.subject_ids else person
    subject = "case" if wanted.subject_ids else "audit"
    actor, now = signed_in_user().actor, clock.utc_now()
    services.record_access(action, actor=actor, subject=subject, subject_id=subject_id, now=now)


def _kept() -> dict[str, Any]:
    fields = ("case", "actor", "action", *(f"{name}-{part}" for name in ("since", "until") for part in DATE_PARTS))
    return {name: request.args[name] for name in fields if request.args.get(name)}


DATE_PARTS = ("day", "month", "year")


def _address(cursor: str | None) -> str:
    return url_for("oversight.list_entries", **_kept(), cursor=cursor) if cursor else ""
