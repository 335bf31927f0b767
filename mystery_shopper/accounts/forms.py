"""What the pages of accounts ask for."""

from mystery_shopper.accounts.models import EMAIL_MAX, NAME_MAX, PASSKEY_NAME_MAX
from mystery_shopper.accounts.password_rules import STAFF_MIN
from mystery_shopper.accounts.policy import ROLE_NAMES, Role
from mystery_shopper.core.forms import (
    CheckboxesField,
    ConfirmField,
    GovForm,
    HiddenField,
    Option,
    PasswordField,
    RadiosField,
    SubmitField,
    TextField,
)

WRONG_SIGN_IN = "Enter a correct email address and password"
WRONG_CODE = "Enter a correct code"
WRONG_PASSWORD = "Enter your correct password"  # noqa: S105 - an error message
WRONG_PASSKEY = "Your passkey was not accepted. Try again, or enter a code"
CREDENTIAL_MAX = 20_000
PASSWORD_HINT = f"{STAFF_MIN} characters or more. Three or four words that have nothing to do with each other are good"
NOT_HANDED_OVER = "Select that you want to close the account before its work is handed over"
ROLE_HINTS = {
    Role.CASEWORKER: "Reads and works on cases",
    Role.SENIOR_CASEWORKER: "Also allocates cases and approves publications",
    Role.POLICY_OWNER: "Reads and answers suggestions, reads and changes the rules",
    Role.PUBLISHER: "Writes and approves publications",
    Role.AUDITOR: "Reads the audit log, no cases",
    Role.ADMINISTRATOR: "Manages accounts, no cases. May not be held with another role",
}


class ActionForm(GovForm):
    """A button alone: carries the token that proves the page was ours."""


class SignInForm(GovForm):
    """Page 'Sign in'."""

    email = TextField(
        "Email address",
        required="Enter your email address",
        max_length=EMAIL_MAX,
        input_type="email",
        autocomplete="username",
        spellcheck=False,
    )
    password = PasswordField("Password", required="Enter your password")
    submit = SubmitField("Sign in")


class CodeForm(GovForm):
    """Page 'Enter your code': the authenticator app's, or a recovery code."""

    code = TextField(
        "Code",
        hint="The 6 digits your authenticator app shows now, or one of your recovery codes",
        required="Enter the code from your authenticator app, or a recovery code",
        max_length=40,
        width="20",
        autocomplete="one-time-code",
        spellcheck=False,
    )
    submit = SubmitField("Continue")


class PasskeyForm(GovForm):
    """A button that asks the browser for a passkey; its script fills in what the browser answers."""

    credential = HiddenField(max_length=CREDENTIAL_MAX)


class AddPasskeyForm(PasskeyForm):
    """Page 'Add a passkey'."""

    name = TextField(
        "Name of this passkey",
        hint="So that you know it again, like “Blue security key” or “Work laptop”",
        required="Enter a name",
        max_length=PASSKEY_NAME_MAX,
        autocomplete="off",
        width="20",
    )


class SetUpForm(GovForm):
    """Page 'Set up your second factor'."""

    code = TextField(
        "Code",
        hint="The 6 digits your authenticator app shows now",
        required="Enter the code from your authenticator app",
        max_length=20,
        width="10",
        inputmode="numeric",
        autocomplete="one-time-code",
        spellcheck=False,
    )
    submit = SubmitField("Continue")


class ConfirmForm(GovForm):
    """Page 'Confirm that it is you'."""

    confirm_code = TextField(
        "Code",
        hint="The 6 digits your authenticator app shows now, or one of your recovery codes",
        required="Enter the code from your authenticator app, or a recovery code",
        max_length=40,
        width="20",
        autocomplete="one-time-code",
        spellcheck=False,
    )
    submit = SubmitField("Continue")


class ChoosePasswordForm(GovForm):
    """Page 'Choose a password', opened by a link."""

    password = PasswordField(
        "New password", hint=PASSWORD_HINT, required="Enter a new password", autocomplete="new-password"
    )
    submit = SubmitField("Continue")


class CloseForm(GovForm):
    """Page 'Close an account'. `at_once` is asked for when the person still holds work."""

    at_once = ConfirmField("Close the account now. Senior caseworkers are told by email to hand the work over")
    submit = SubmitField("Close this account")


class ChangePasswordForm(GovForm):
    """Page 'Change your password'."""

    current = PasswordField("Current password", required="Enter your current password")
    password = PasswordField(
        "New password", hint=PASSWORD_HINT, required="Enter a new password", autocomplete="new-password"
    )
    submit = SubmitField("Change password")


class RolesForm(GovForm):
    """Which roles a person holds."""

    roles = CheckboxesField(
        "Roles",
        choices=[Option(role.value, ROLE_NAMES[role], hint=ROLE_HINTS[role]) for role in Role],
        required="Select at least one role",
    )
    submit = SubmitField("Save roles")

    def to_roles(self) -> list[Role]:
        """Return the selected roles."""
        return [Role(value) for value in self.roles.data]


class NewUserForm(RolesForm):
    """Page 'Invite a person'."""

    name = TextField("Full name", required="Enter a name", max_length=NAME_MAX, autocomplete="off", spellcheck=False)
    email = TextField(
        "Email address",
        required="Enter an email address",
        max_length=EMAIL_MAX,
        input_type="email",
        autocomplete="off",
        spellcheck=False,
    )
    submit = SubmitField("Send the invitation")


class ShortcutsForm(GovForm):
    """Page 'Keyboard shortcuts': whether pages listen to single keys."""

    has_shortcuts = RadiosField(
        "Do you want to use keyboard shortcuts?",
        hint="Switch them off if you speak to your computer, or press keys by accident",
        required="Select whether you want to use keyboard shortcuts",
        choices=(Option("yes", "Yes"), Option("no", "No")),
    )
    submit = SubmitField("Save")
