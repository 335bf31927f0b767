"""What waits to be published, by step, and the page of one case."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.publication import forms, queries
from mystery_shopper.publication.page import load_page
from mystery_shopper.publication.states import PublicationState, state_label
from mystery_shopper.publication.views.blueprints import bp

WAITING = "to-write"
TABS = (
    (WAITING, "To write"),
    (PublicationState.DRAFT.value, "Drafts"),
    (PublicationState.AWAITING_APPROVAL.value, "Waiting for approval"),
    (PublicationState.APPROVED.value, "Approved"),
    (PublicationState.PUBLISHED.value, "Published"),
    (PublicationState.WITHDRAWN.value, "Withdrawn"),
)
EMPTY = {
    WAITING: "No case waits for a public text.",
    "draft": "Nobody is writing a public text.",
    "awaiting-approval": "No text waits for approval.",
    "approved": "No approved text waits to be published.",
    "published": "Nothing has been published yet.",
    "withdrawn": "No result has been withdrawn.",
}


@bp.get("/publication")
@requires(Permission.PUBLICATION_READ)
def list_publications() -> ResponseReturnValue:
    step = request.args.get("step", WAITING)
    if step not in EMPTY:
        raise NotFoundError
    user, cursor = signed_in_user(), request.args.get("cursor")
    waiting = queries.waiting_cases(user, cursor) if step == WAITING else None
    page = waiting or queries.list_publications(user, PublicationState(step), cursor)
    return render_template(
        "publication/list_publications.html",
        step=step,
        page=page,
        is_waiting=step == WAITING,
        tabs=_tabs(step),
        empty=EMPTY[step],
        links={"next": _page_url(step, page.next_cursor), "previous": _page_url(step, page.previous_cursor)},
    )


def _tabs(current: str) -> list[dict[str, object]]:
    counts = queries.count_by_state(signed_in_user())
    return [
        {
            "text": f"{label} ({counts[PublicationState(step)]})" if step in counts else label,
            "href": url_for("publication.list_publications", step=step),
            "current": step == current,
        }
        for step, label in TABS
    ]


def _page_url(step: str, cursor: str | None) -> str:
    return url_for("publication.list_publications", step=step, cursor=cursor) if cursor else ""


@bp.get("/publication/<reference>")
@requires(Permission.PUBLICATION_READ)
def show_publication(reference: str) -> ResponseReturnValue:
    user = signed_in_user()
    case = open_case(reference)
    page = load_page(case, user)
    return render_template(
        "publication/show_publication.html",
        case=case,
        page=page,
        start_form=forms.StartForm(),
        publish_form=forms.PublishForm(data={"version": page.open_version and str(page.open_version.version)}),
        state_label=state_label,
    )
