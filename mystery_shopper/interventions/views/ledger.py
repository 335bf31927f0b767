"""The ledger of recommendations: of every case a person may see, and of one authority."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.authorities.queries import find_authority_by_slug
from mystery_shopper.core import clock
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.interventions.policy import STANDING_LABELS, Standing
from mystery_shopper.interventions.queries import count_ledger, list_ledger
from mystery_shopper.interventions.views import bp


@bp.get("/recommendations")
@requires(Permission.CASE_READ)
@limited(Limit.SEARCH)
def list_recommendations() -> ResponseReturnValue:
    wanted = _standing(Standing.TO_CHECK)
    page = list_ledger(signed_in_user(), wanted, request.args.get("cursor"), today=clock.today())
    return render_template(
        "interventions/list_recommendations.html",
        page=page,
        wanted=wanted,
        tabs=_tabs("interventions.list_recommendations", wanted),
        links=_links("interventions.list_recommendations", wanted, page.previous_cursor, page.next_cursor),
    )


@bp.get("/authorities/<slug>")
@requires(Permission.CASE_READ)
@limited(Limit.SEARCH)
def show_authority(slug: str) -> ResponseReturnValue:
    authority = find_authority_by_slug(slug)
    if authority is None:
        raise NotFoundError
    user, wanted = signed_in_user(), _standing(Standing.ALL)
    page = list_ledger(user, wanted, request.args.get("cursor"), today=clock.today(), authority_id=authority.id)
    return render_template(
        "interventions/show_authority.html",
        authority=authority,
        figures=count_ledger(user, authority.id),
        page=page,
        wanted=wanted,
        tabs=_tabs("interventions.show_authority", wanted, slug=slug),
        links=_links("interventions.show_authority", wanted, page.previous_cursor, page.next_cursor, slug=slug),
    )


def _standing(usual: Standing) -> Standing:
    """Return what the address asks for.

    Raises:
        NotFoundError: it asks for something there is not.
    """
    try:
        return Standing(request.args.get("standing", usual))
    except ValueError as error:
        raise NotFoundError from error


def _tabs(endpoint: str, wanted: Standing, **values: str) -> list[dict[str, object]]:
    return [
        {"text": label, "href": url_for(endpoint, standing=one.value, **values), "current": one is wanted}  # type: ignore[arg-type]
        for one, label in STANDING_LABELS.items()
    ]


def _links(
    endpoint: str, wanted: Standing, previous: str | None, following: str | None, **values: str
) -> dict[str, str]:
    return {
        name: url_for(endpoint, standing=wanted.value, cursor=cursor, **values) if cursor else ""  # type: ignore[arg-type]
        for name, cursor in (("previous", previous), ("next", following))
    }
