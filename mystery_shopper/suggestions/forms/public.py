"""The filters of the public pages."""

from mystery_shopper.core.forms import GovForm, Option, SelectField, TextField
from mystery_shopper.core.languages import _
from mystery_shopper.suggestions.bodies import imposing_bodies
from mystery_shopper.suggestions.journey import family_title
from mystery_shopper.suggestions.policy import LINE_MAX
from mystery_shopper.suggestions.queries import ItemFilter, published_bodies, published_families


class ItemsForm(GovForm):
    """What somebody looks for among what is published; all is in the address."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    q = TextField(_("Words"), max_length=LINE_MAX, error_name=_("The words"))
    family = SelectField(_("About"), empty=_("Anything"))
    body = SelectField(_("Imposed by"), empty=_("Anybody"))

    def offer(self) -> None:
        """Offer what something is published about."""
        self.family.choices = tuple(Option(one, family_title(one)) for one in published_families())
        self.body.choices = tuple(Option(name, imposing_bodies().title_of(name)) for name in published_bodies())

    def to_filter(self) -> ItemFilter:
        """Return the filters that can be read; one with an error filters nothing."""
        good = {field.name: field.data for field in self if not field.errors and field.data}
        return ItemFilter(query=good.get("q", ""), family=good.get("family", ""), body=good.get("body", ""))
