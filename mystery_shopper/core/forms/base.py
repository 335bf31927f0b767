"""The form every page uses: CSRF, one list of errors for the summary, nothing that was typed is ever lost."""

from collections.abc import Iterator
from typing import Any, ClassVar

from flask import g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field

from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import _

TIMED_OUT = _("Your page timed out. Check your answers and select the button again")
CSRF_FIELD = "csrf_token"
CSRF_REPORTED = "csrf_reported"
"""Name in `flask.g`: set when a form has told the person that the page timed out (web/security reads it)."""
LANGUAGE_SWITCHED = "language_switched"
"""Name in `flask.g`: set when a page was sent only to be drawn again in the other language (web/languages)."""

FORMS_MADE = "forms_made"
"""Name in `flask.g`: every form this request made (web/sent_forms)."""

ErrorItem = dict[str, str]


class GovForm(FlaskForm):
    """Base of every form. `form.error_list` feeds the error summary of the layout.

    When the reader switches the language nothing of the form is checked, and so nothing is done with it. A form whose
    view saves nothing says so (`saves = False`), and is answered as usual.
    """

    saves: ClassVar[bool] = True

    form_errors: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        g.setdefault(FORMS_MADE, []).append(self)

    class Meta(FlaskForm.Meta):
        """Read pages only: a JSON body is never a form."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what the page sent, also when that is nothing, so that stored answers cannot stand in for it."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return CombinedMultiDict((request.files, request.form)) if form.is_submitted() else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; a bad or expired token becomes an error a person can act on, with all answers kept."""
        if self.saves and self.is_redrawn:
            return False
        valid = bool(super().validate(extra_validators))
        token = self._fields.get(CSRF_FIELD)
        if token is not None and token.errors:
            g.setdefault(CSRF_REPORTED, True)
            token.errors = []
            self.form_errors = [*self.form_errors, TIMED_OUT]
        return valid

    @property
    def is_redrawn(self) -> bool:
        """Tell whether the page was sent only to be drawn again in the other language."""
        return bool(g.get(LANGUAGE_SWITCHED))

    def add_error(self, error: DomainError | str, field: str | None = None) -> None:
        """Show a broken rule at the field it belongs to, or at the top when there is none."""
        message = error.message if isinstance(error, DomainError) else error
        name = field or (error.field if isinstance(error, DomainError) else None)
        target = self._fields.get(name) if name else None
        if target is None:
            self.form_errors = [*self.form_errors, message]
        else:
            target.errors = [*target.errors, message]

    @property
    def error_list(self) -> list[ErrorItem]:
        """Return one item (text, href) for each wrong field in page order, errors of the whole form first."""
        whole = [{"text": str(message), "href": f"#{self._first_target()}"} for message in self.form_errors]
        return whole + [item for field in self for item in _items(field)]

    def _first_target(self) -> str:
        targets = (str(field.error_target) for field in self if hasattr(field, "error_target"))
        return next(targets, "main-content")


def _items(field: Field) -> Iterator[ErrorItem]:
    if not field.errors:
        return
    if hasattr(field, "form"):
        for inner in field.form:
            yield from _items(inner)
        return
    if isinstance(getattr(field, "entries", None), list) and not isinstance(field.errors[0], str):
        for entry in field.entries:
            yield from _items(entry)
        return
    yield {"text": str(field.errors[0]), "href": f"#{getattr(field, 'error_target', field.id)}"}
