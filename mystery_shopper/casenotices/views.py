"""Linking a notice with a case, taking a link back, and the frozen copy a reporter pasted."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor
from mystery_shopper.casenotices import services
from mystery_shopper.casenotices.casepage import LinkView, copy_of, show_links
from mystery_shopper.casenotices.forms import LinkForm, UnlinkForm
from mystery_shopper.casenotices.queries import get_link
from mystery_shopper.cases.conflict import show_conflict
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.panels import panel_path
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.facts.policy import to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.notices.models import NoticeVersion, Origin
from mystery_shopper.notices.queries import find_by_hash, find_notice, list_versions
from mystery_shopper.notices.reading import read_releases
from mystery_shopper.notices.services import keep_releases
from mystery_shopper.notices.showing import state_at
from mystery_shopper.notices.stating import facts_of
from mystery_shopper.notices.views import frozen_copy

bp = Blueprint("casenotices", __name__, url_prefix="/cases/<reference>/notices")
NOT_HERE = "We do not have this notice. Check the number, or paste the notice"
NOT_READ = "Enter a notice number, an OCID or the address of a notice page"


@bp.route("/link", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def link_notice(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    form = LinkForm()
    if request.method != "POST":
        form.version.data, form.take_facts.data = str(case.version), True
    if form.validate_on_submit():
        try:
            return _link(case, form)
        except StaleEditError as error:
            return show_conflict(case, form, error)
        except DomainError as error:
            form.add_error(error)
    return render_template("casenotices/link_notice.html", case=case, form=form)


def _link(case: Case, form: LinkForm) -> ResponseReturnValue:
    version = _version_of(form)
    facts = {}
    if form.take_facts.data:
        stated = facts_of(state_at(list_versions(version.notice_id), version.id))
        facts = {fact_id: to_json(registry()[fact_id], value) for fact_id, value in stated.items()}
    services.link_notice(
        case,
        version,
        reason=form.reason.data,
        facts=facts,
        version_seen=as_version(form.version),
        actor=actor(),
        now=clock.utc_now(),
    )
    return _go(case, f"Notice {version.number} is linked with this case")


def _version_of(form: LinkForm) -> NoticeVersion:
    """Return the version that is meant: of a notice we have, or of the one that was pasted.

    Raises:
        DomainError: neither is given, we do not have it, or what was pasted cannot be read.
    """
    if form.typed.data:
        notice = find_notice(form.typed.data, public_only=False)
        if notice is None:
            raise DomainError(NOT_HERE, field="typed")
        return list_versions(notice.id)[-1]
    if not form.pasted.data:
        raise DomainError(NOT_READ, field="typed")
    try:
        releases = read_releases(form.pasted.data)
    except DomainError as error:
        raise DomainError(f"The notice cannot be read. {error.message}", field="pasted") from error
    keep_releases(releases, origin=Origin.ADDED, came_from="a caseworker", actor=actor(), now=clock.utc_now())
    kept = find_by_hash(max(releases, key=lambda release: release.view.released_at).sha256)
    if kept is None:
        raise NotFoundError
    return kept


@bp.route("/<uuid:link_id>/unlink", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def unlink_notice(reference: str, link_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    view = _get_view(case, link_id)
    form = UnlinkForm()
    if request.method != "POST":
        form.version.data = str(case.version)
    if form.validate_on_submit():
        try:
            return _unlink(case, view, form)
        except StaleEditError as error:
            return show_conflict(case, form, error)
    return render_template("casenotices/unlink_notice.html", case=case, form=form, one=view)


def _unlink(case: Case, view: LinkView, form: UnlinkForm) -> ResponseReturnValue:
    services.unlink_notice(
        case,
        view.link,
        number=view.view.number,
        reason=form.reason.data,
        version_seen=as_version(form.version),
        actor=actor(),
        now=clock.utc_now(),
    )
    return _go(case, f"Notice {view.view.number} is no longer linked with this case")


@bp.get("/<uuid:link_id>")
@requires(Permission.CASE_READ)
def show_link(reference: str, link_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    return render_template("casenotices/show_link.html", case=case, one=_get_view(case, link_id))


@bp.get("/<uuid:link_id>/copy.json")
@requires(Permission.CASE_READ)
def download_copy(reference: str, link_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    link = get_link(case, link_id)
    report = next((one for one in list_reports(case) if one.id == link.report_id), None)
    content = copy_of(report) if link.notice_id is None else b""
    if not content:
        raise NotFoundError
    return frozen_copy(content, f"notice-{case.reference}.json")


def _get_view(case: Case, link_id: UUID) -> LinkView:
    link = get_link(case, link_id)
    return next(view for view in show_links(case) if view.link.id == link.id)


def _go(case: Case, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(panel_path(case.reference, "notice"))
