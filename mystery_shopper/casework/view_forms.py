"""Forms of saved views of the list."""

from mystery_shopper.core.forms import ConfirmField, GovForm, HiddenField, SubmitField, TextField

NAME_MAX = 60


class SaveViewForm(GovForm):
    """Keep the filters, columns and order of the list under a name."""

    version = HiddenField()
    name = TextField(
        "What is the view called?",
        hint="For example: urgent and nobody's. Do not write who a reporter is.",
        required="Enter what the view is called",
        error_name="The name",
        max_length=NAME_MAX,
        label_size="m",
    )
    is_shared = ConfirmField("Share it with the team", hint="“Me” in a filter then means whoever looks.")
    is_default = ConfirmField("Open my list with this view")
    save = SubmitField("Save the view")

    def offer(self, *, can_name: bool, can_share: bool) -> None:
        """Leave out what is not for this person to say."""
        if not can_name:
            del self.name
        if not can_share:
            del self.is_shared
