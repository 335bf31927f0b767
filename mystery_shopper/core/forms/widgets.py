"""Drawing a field: the macros of govuk-frontend-jinja in an environment of their own, free of any application."""

from functools import lru_cache
from typing import Any, Protocol

from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

Params = dict[str, Any]
"""The options object of a component, as the Design System documents it (JSON)."""

REPLACEMENT = "\ufffd"


class Drawable(Protocol):
    """A field that knows which component draws it and with which options."""

    component: str

    def params(self, **options: Any) -> Params:
        """Return the component's options."""
        ...


def component_loader() -> PrefixLoader:
    """Return the loader of the component templates, under the names they use among themselves."""
    return PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=component_loader(), autoescape=True, auto_reload=False)


@lru_cache(maxsize=64)
def _macro(component: str) -> Any:
    name = "govuk" + component.title().replace("-", "")
    module = _environment().get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
    return getattr(module, name)


def draw(component: str, params: Params) -> Markup:
    """Return the HTML of a GOV.UK component; every value in `params` that is not Markup is escaped."""
    return Markup(_macro(component)(params))  # noqa: S704 - output of an autoescaping template


def shown(value: str) -> str:
    """Return typed text fit for a page: what no page may hold (NUL, half of a surrogate pair) is replaced."""
    return value.replace("\x00", REPLACEMENT).encode("utf-8", "replace").decode("utf-8")


def shown_lines(value: str) -> Markup:
    """Return typed text of several lines for a textarea, exactly.

    Line ends become references, because the macros indent what they nest; a first line end is doubled,
    because browsers drop it.
    """
    text = shown(value).replace("\r\n", "\n").replace("\r", "\n")
    text = f"\n{text}" if text.startswith("\n") else text
    return Markup(str(escape(text)).replace("\n", "&#10;"))  # noqa: S704 - escaped on this line


class ComponentWidget:
    """The WTForms widget of every visible field."""

    def __call__(self, field: Drawable, **options: Any) -> Markup:
        """Draw the field; `options` override the component's own, by name."""
        return draw(field.component, field.params(**options))
