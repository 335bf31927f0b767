"""The form that looks for an authority in the register."""

from mystery_shopper.core.forms import GovForm, TextField

SEARCH_MAX = 200


class AuthoritySearchForm(GovForm):
    """Look for an authority in the register."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    name = TextField("Name of the authority", max_length=SEARCH_MAX, required="Enter part of the name")
