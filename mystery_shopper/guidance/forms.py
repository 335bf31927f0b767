"""Forms of guidance."""

from mystery_shopper.core.forms import GovForm, SubmitField, TextField

QUERY_MAX = 200


class SearchForm(GovForm):
    """What somebody looks for. It is sent, never put into an address: no history and no log holds it."""

    q = TextField(
        "Search guidance",
        hint="For example bond, late payment or audited accounts",
        required="Enter what you are looking for",
        error_name="What you are looking for",
        max_length=QUERY_MAX,
        autocomplete="off",
        spellcheck=True,
    )
    search = SubmitField("Search")
