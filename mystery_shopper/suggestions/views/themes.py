"""Themes for the policy owner: what is said most often, and what it blocks."""

from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.core import clock
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.suggestions.export import theme_lines
from mystery_shopper.suggestions.forms.staff import BY_VALUE, PeriodForm
from mystery_shopper.suggestions.naming import KIND_TITLES, theme_name
from mystery_shopper.suggestions.queries import Theme, ThemeKind, themes_of
from mystery_shopper.suggestions.views.blueprints import bp
from mystery_shopper.suggestions.views.words import words


@bp.get("/suggestions/themes")
@requires(Permission.SUGGESTION_READ)
def list_themes() -> ResponseReturnValue:
    form = _form()
    tables = [
        (KIND_TITLES[kind], [(theme, theme_name(kind, theme.key), _drill_down(kind, theme, form)) for theme in found])
        for kind, found in _themes(form).items()
    ]
    return render_template(
        "suggestions/list_themes.html",
        form=form,
        tables=tables,
        total=sum(theme.count for theme in _themes(form)[ThemeKind.FAMILY]),
        kept={name: value for name, value in request.args.items() if value},
        **words(),
    )


@bp.get("/suggestions/themes.csv")
@requires(Permission.SUGGESTION_READ)
def export_themes() -> ResponseReturnValue:
    response = Response(theme_lines(_themes(_form())), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="themes-{clock.today().isoformat()}.csv"'
    return response


def _form() -> PeriodForm:
    form = PeriodForm(formdata=request.args)
    form.validate()
    return form


def _themes(form: PeriodForm) -> dict[ThemeKind, list[Theme]]:
    since, until = _period(form)
    by_value = form.order.data == BY_VALUE
    return {kind: themes_of(kind, since=since, until=until, by_value=by_value) for kind in ThemeKind}


def _period(form: PeriodForm) -> tuple[date | None, date | None]:
    """Return the period; a day with an error does not limit it."""
    days = [None if field.errors else field.data for field in (form.received_from, form.received_to)]
    return days[0], days[1]


def _drill_down(kind: ThemeKind, theme: Theme, form: PeriodForm) -> str:
    """Return the address of the suggestions of a theme, empty where the list has no such filter."""
    if not theme.key:
        return ""
    given: dict[str, Any] = {kind.value: theme.key}
    for name, day in zip(("received_from", "received_to"), _period(form), strict=True):
        if day is not None:
            given |= {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}
    return url_for("suggestions.list_suggestions", **given)
