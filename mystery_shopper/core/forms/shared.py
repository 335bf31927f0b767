"""A form that edits what others may edit too: it carries what it started from, so that two changes can be told."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from mystery_shopper.core.forms.base import GovForm
from mystery_shopper.core.forms.fields import HiddenField
from mystery_shopper.core.merging import Entry

ANCESTOR_MAX = 200_000


class SharedForm(GovForm):
    """A form about a thing several people can open at once.

    `ancestor` holds the entries of the stored thing when the page was drawn. It decides only whether a change merges
    by itself; whoever alters it can do no more than what saving on top of another's text would do.
    """

    ancestor = HiddenField(max_length=ANCESTOR_MAX)

    def keep_ancestor(self, stored: "SharedForm") -> None:
        """Carry what is stored now as what this page starts from."""
        pairs = {name: [entry.value, entry.words] for name, entry in entries_of(stored).items()}
        self.ancestor.data = base64.b64encode(json.dumps(pairs).encode()).decode()

    def read_ancestor(self) -> Mapping[str, Entry] | None:
        """Return what the page started from; None when it says nothing that can be read."""
        try:
            pairs = json.loads(base64.b64decode(self.ancestor.data or "", validate=True))
            return {str(name): Entry(str(value), str(words)) for name, (value, words) in pairs.items()}
        except (binascii.Error, UnicodeDecodeError, ValueError, TypeError, AttributeError, RecursionError):
            return None


def entries_of(form: GovForm) -> dict[str, Entry]:
    """Return what the visible fields of a form hold, by name, without its buttons."""
    return {field.name: Entry(_value(field.data), _words(field)) for field in form if hasattr(field, "typed")}


def _value(data: Any) -> str:
    if data is None or data is False:
        return ""
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, (list, tuple)):
        return "\n".join(sorted(str(one) for one in data))
    return str(data).replace("\r\n", "\n").strip()


def _words(field: Any) -> str:
    labels = {option.value: option.label for option in getattr(field, "options", ())}
    chosen = getattr(field, "selected", None)
    if chosen is not None:
        return ", ".join(labels.get(value, value) for value in sorted(chosen))
    return str(labels.get(field.typed, field.typed))
