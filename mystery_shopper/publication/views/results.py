"""The results for everybody: list, one result, one authority, and the same as files and a feed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Response, jsonify, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.core.languages import translate
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.publication import forms, queries
from mystery_shopper.publication.export import result_lines
from mystery_shopper.publication.models import PublishedResult
from mystery_shopper.publication.policy import (
    BASE_STATEMENT,
    LICENCE_ADDRESS,
    LICENCE_NAME,
    WITHDRAWAL_WORDS,
    Period,
)
from mystery_shopper.publication.queries import ResultFilter
from mystery_shopper.publication.schemas import ResultJson
from mystery_shopper.publication.views.blueprints import results_bp as bp

JSON_PAGE_SIZE = 200
FILTERS = ("q", "year", "subject", "authority")


@bp.get("/results")
@public
@limited(Limit.SEARCH)
def list_results() -> ResponseReturnValue:
    form = _form()
    wanted = _wanted(form)
    page = queries.find_results(wanted, request.args.get("cursor"))
    kept = _kept()
    return render_template(
        "results/list_results.html",
        form=form,
        page=page,
        count=queries.count_results(wanted),
        chips=_chips(form, kept),
        kept=kept,
        base=BASE_STATEMENT,
        licence=(LICENCE_NAME, LICENCE_ADDRESS),
        links={"next": _page_url(page.next_cursor), "previous": _page_url(page.previous_cursor)},
    )


@bp.get("/results/<reference>")
@public
def show_result(reference: str) -> ResponseReturnValue:
    result = queries.get_result(reference)
    reason = WITHDRAWAL_WORDS[result.withdrawal_reason] if result.withdrawal_reason else ""
    page = render_template("results/show_result.html", result=result, reason=reason)
    return page, 410 if result.withdrawn else 200


@bp.get("/results/authorities/<slug>")
@public
@limited(Limit.SEARCH)
def show_authority(slug: str) -> ResponseReturnValue:
    authority = queries.get_authority_with_results(slug)
    wanted = ResultFilter(authority_id=authority.id)
    page = queries.find_results(wanted, request.args.get("cursor"))
    return render_template(
        "results/show_authority.html",
        authority=authority,
        page=page,
        count=queries.count_results(wanted),
        links={
            name: url_for("results.show_authority", slug=slug, cursor=cursor) if cursor else ""
            for name, cursor in (("next", page.next_cursor), ("previous", page.previous_cursor))
        },
    )


@bp.get("/results.csv")
@public
@limited(Limit.SEARCH)
def download_csv() -> ResponseReturnValue:
    lines = result_lines(_wanted(_form()), for_excel=request.args.get("for") == "excel")
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="results.csv"'
    return response


@bp.get("/results.json")
@public
@limited(Limit.SEARCH)
def download_json() -> ResponseReturnValue:
    wanted = _wanted(_form())
    page = queries.find_results(wanted, request.args.get("cursor"), size=JSON_PAGE_SIZE)
    following = {**_kept(), "cursor": page.next_cursor}
    return jsonify(
        {
            "title": "Results of reported procurement barriers",
            "licence": {"name": LICENCE_NAME, "address": LICENCE_ADDRESS},
            "base": BASE_STATEMENT,
            "count": queries.count_results(wanted),
            "results": [{**ResultJson().dump(one), "address": _address(one)} for one in page.items],
            "next": url_for("results.download_json", _external=True, **following) if page.next_cursor else None,
        }
    )


@bp.get("/results.atom")
@public
@limited(Limit.SEARCH)
def show_feed() -> ResponseReturnValue:
    entries = [(result, _address(result), _changed(result)) for result in queries.newest_results()]
    feed = render_template(
        "results/feed.xml",
        entries=entries,
        address=url_for("results.show_feed", _external=True),
        page_address=url_for("results.list_results", _external=True),
        updated=max((changed for _, _, changed in entries), default=datetime(2011, 2, 1, tzinfo=UTC)),
        reasons=WITHDRAWAL_WORDS,
        licence=LICENCE_NAME,
    )
    return Response(feed, content_type="application/atom+xml; charset=utf-8")


def _form() -> forms.ResultsForm:
    form = forms.ResultsForm(formdata=request.args)
    form.offer(queries.published_years(), queries.published_subjects())
    form.validate()
    return form


def _wanted(form: forms.ResultsForm) -> ResultFilter:
    """Return the filters that can be read; one with an error filters nothing."""
    good = {field.name: field.data for field in form if field.name in FILTERS and not field.errors and field.data}
    wanted = ResultFilter(query=good.get("q", ""), subject=good.get("subject", ""), authority=good.get("authority", ""))
    return replace(wanted, year=int(good["year"])) if "year" in good else wanted


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _chips(form: forms.ResultsForm, kept: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "text": f"{form[name].label.text}: {_as_shown(name, form[name].typed)}",
            "href": url_for("results.list_results", **{other: kept[other] for other in kept if other != name}),
        }
        for name in kept
        if not form[name].errors
    ]


def _as_shown(name: str, typed: str) -> str:
    """Return a filter in words: a subject in the current language, all else as it was typed."""
    return translate(typed) if name == "subject" else typed


def _page_url(cursor: str | None) -> str:
    return url_for("results.list_results", **_kept(), cursor=cursor) if cursor else ""


def _address(result: PublishedResult) -> str:
    return url_for("results.show_result", reference=result.public_reference, _external=True)


def _changed(result: PublishedResult) -> datetime:
    """Return the first moment of the month a result last changed: nothing finer is public."""
    month = Period.from_number(result.withdrawn_period or result.corrected_period or result.period)
    return datetime(month.year, month.month, 1, tzinfo=UTC)
