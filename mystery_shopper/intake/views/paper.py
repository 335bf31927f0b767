"""The report on paper, for people who would rather write than type."""

from flask import render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.core.permissions import public
from mystery_shopper.intake import forms, journey, queries
from mystery_shopper.intake.journey import Page
from mystery_shopper.intake.paper import PaperPage, everything, questions_of
from mystery_shopper.intake.views.blueprints import bp
from mystery_shopper.intake.views.pages import form_class


@bp.route("/paper")
@public
def show_paper_form() -> ResponseReturnValue:
    families = queries.families()
    parts = [_part(page) for page in journey.pages(everything(families), families)]
    return render_template("intake/show_paper_form.html", parts=[part for part in parts if part.questions])


def _part(page: Page) -> PaperPage:
    kind = forms.AuthorityForm if page.slug == journey.AUTHORITY else form_class(page, everything(queries.families()))
    form = kind(formdata=None)
    if isinstance(form, forms.BarriersForm):
        form.offer(queries.families())
    return PaperPage(journey.section_of(page), page.title, questions_of(form))
