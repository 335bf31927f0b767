"""Forms of the staff pages of notices."""

from collections.abc import Iterable
from uuid import UUID

from mystery_shopper.core.forms import GovForm, Option, SelectField, TextField
from mystery_shopper.notices.policy import DIALECT_NAMES, Dialect
from mystery_shopper.notices.queries import NoticeFilter

SEARCH_MAX = 300


class FilterForm(GovForm):
    """The filters of the list; all are in the address."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    words = TextField(
        "Buyer, title or reference",
        hint="Words, a notice number, an OCID or the address of a notice page",
        error_name="Buyer, title or reference",
        max_length=SEARCH_MAX,
    )
    service = SelectField(
        "Service", empty="Any service", choices=[Option(one.value, DIALECT_NAMES[one]) for one in Dialect]
    )

    def to_filter(self) -> NoticeFilter:
        """Return the filters that can be read; one with an error filters nothing."""
        good = {field.name: field.data for field in self if not field.errors and field.data}
        return NoticeFilter(
            words=good.get("words", ""), dialect=Dialect(good["service"]) if "service" in good else None
        )


class CompareForm(GovForm):
    """Which two versions to compare; both are in the address."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    old = SelectField("Earlier version", required="Select the earlier version")
    new = SelectField("Later version", required="Select the later version")

    def offer(self, versions: Iterable[tuple[UUID, str]]) -> None:
        """Fill in the versions, the oldest first."""
        options = tuple(Option(str(version_id), label) for version_id, label in versions)
        self.old.choices = self.new.choices = options
