"""The library for readers: index, search, page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from mystery_shopper.core import clock
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.languages import current
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.guidance.forms import SearchForm
from mystery_shopper.guidance.loading import library
from mystery_shopper.guidance.policy import AUDIENCE_TITLES, Audience, Language
from mystery_shopper.guidance.searching import search
from mystery_shopper.guidance.views import bp
from mystery_shopper.rules.proportionate import wording_for
from mystery_shopper.rules.translating import catalogue_in


@bp.get("/guidance")
@public
def list_pages() -> ResponseReturnValue:
    wanted = request.args.get("audience", "")
    audience = Audience(wanted) if wanted in set(Audience) else None
    return render_template(
        "guidance/list_pages.html",
        audience=audience,
        audiences=AUDIENCE_TITLES,
        shelves=library(Language(current())).shelves(audience),
        form=SearchForm(formdata=None),
    )


@bp.route("/guidance/search", methods=["GET", "POST"])
@public
@limited(Limit.SEARCH)
def search_pages() -> ResponseReturnValue:
    form = SearchForm()
    hits = search(form.q.data, language=Language(current())) if form.validate_on_submit() else None
    return render_template("guidance/search_pages.html", form=form, hits=hits)


@bp.get("/guidance/<slug>")
@public
def show_page(slug: str) -> ResponseReturnValue:
    pages = library(Language(current()))
    page = pages.find(slug)
    if page is None:
        raise NotFoundError
    titles = {rule.id: rule.title for rule in catalogue_in(current()).rules}
    rules = [(rule_id, titles[rule_id]) for rule_id in page.rules if rule_id in titles]
    return render_template(
        "guidance/show_page.html",
        page=page,
        body=Markup(page.html),  # noqa: S704 - made by guidance.markup from our own pages, raw HTML refused
        audiences=AUDIENCE_TITLES,
        related=pages.related_to(page),
        rules=rules,
        wordings=_wordings(rules) if page.shows_wording else [],
        is_due=page.is_due_for_review(clock.today()),
    )


def _wordings(rules: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return wording that buyers can use, under the title of each rule."""
    return [(title, wording_for(rule_id, {}, language=current())) for rule_id, title in rules]
