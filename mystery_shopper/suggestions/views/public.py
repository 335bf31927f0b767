"""What was said and what was done, for everybody: list, one page each, and the same as a file and a feed."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.core.calendar import format_month
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.suggestions import queries
from mystery_shopper.suggestions.bodies import imposing_bodies
from mystery_shopper.suggestions.export import item_lines
from mystery_shopper.suggestions.forms.public import ItemsForm
from mystery_shopper.suggestions.journey import family_title, rule_title
from mystery_shopper.suggestions.models import PublishedSuggestion
from mystery_shopper.suggestions.policy import FORCED_BY_LABELS, RESULT_LABELS, VALUE_BAND_LABELS, shown_number
from mystery_shopper.suggestions.views.blueprints import bp

FILTERS = ("q", "family", "body")
FIRST_MOMENT = datetime(2011, 2, 1, tzinfo=UTC)


@bp.get("/tell-us-how/you-said-we-did")
@public
@limited(Limit.SEARCH)
def list_published() -> ResponseReturnValue:
    form = _form()
    wanted = form.to_filter()
    page = queries.find_items(wanted, request.args.get("cursor"))
    return render_template(
        "suggestions/list_published.html",
        form=form,
        page=page,
        count=queries.count_items(wanted),
        chips=_chips(form),
        kept=_kept(),
        links={"next": _page_url(page.next_cursor), "previous": _page_url(page.previous_cursor)},
        **_words(),
    )


@bp.get("/tell-us-how/you-said-we-did/<reference>")
@public
@limited(Limit.SEARCH)
def show_published(reference: str) -> ResponseReturnValue:
    item = queries.get_item(reference)
    about = item.rule_id if item.withdrawn_period is None else None
    cases = shown_number(queries.public_cases_with_flag(about)) if about else ""
    page = render_template("suggestions/show_published.html", item=item, cases=cases, **_words())
    return page, 410 if item.withdrawn_period else 200


@bp.get("/tell-us-how/you-said-we-did.csv")
@public
@limited(Limit.SEARCH)
def download_published() -> ResponseReturnValue:
    lines = item_lines(_form().to_filter())
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="you-said-we-did.csv"'
    return response


@bp.get("/tell-us-how/you-said-we-did.atom")
@public
@limited(Limit.SEARCH)
def show_published_feed() -> ResponseReturnValue:
    entries = [(item, _address(item), _changed(item)) for item in queries.newest_items()]
    feed = render_template(
        "suggestions/feed.xml",
        entries=entries,
        address=url_for("suggestions.show_published_feed", _external=True),
        page_address=url_for("suggestions.list_published", _external=True),
        updated=max((changed for _, _, changed in entries), default=FIRST_MOMENT),
        **_words(),
    )
    return Response(feed, content_type="application/atom+xml; charset=utf-8")


def _form() -> ItemsForm:
    form = ItemsForm(formdata=request.args)
    form.offer()
    form.validate()
    return form


def _words() -> dict[str, Any]:
    return {
        "family_title": family_title,
        "rule_title": rule_title,
        "body_title": imposing_bodies().title_of,
        "forced_by_labels": FORCED_BY_LABELS,
        "result_labels": RESULT_LABELS,
        "value_band_labels": VALUE_BAND_LABELS,
        "month": lambda number: format_month(number // 100, number % 100),
    }


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _chips(form: ItemsForm) -> list[dict[str, str]]:
    kept = _kept()
    chips = []
    for name in kept:
        if form[name].errors or not form[name].data:
            continue
        labels = {option.value: option.label for option in getattr(form[name], "options", ())}
        rest = {other: kept[other] for other in kept if other != name}
        text = f"{form[name].label.text}: {labels.get(form[name].data, form[name].data)}"
        chips.append({"text": text, "href": url_for("suggestions.list_published", **rest)})
    return chips


def _page_url(cursor: str | None) -> str:
    return url_for("suggestions.list_published", **_kept(), cursor=cursor) if cursor else ""


def _address(item: PublishedSuggestion) -> str:
    return url_for("suggestions.show_published", reference=item.public_reference, _external=True)


def _changed(item: PublishedSuggestion) -> datetime:
    """Return the first moment of the month an item last changed: nothing finer is public."""
    number = item.withdrawn_period or item.corrected_period or item.period
    return datetime(number // 100, number % 100, 1, tzinfo=UTC)
