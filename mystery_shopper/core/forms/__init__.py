"""GOV.UK forms: fields that draw themselves with the Design System's components, and the form they stand in."""

from mystery_shopper.core.forms.base import CSRF_REPORTED, FORMS_MADE, LANGUAGE_SWITCHED, TIMED_OUT, GovForm
from mystery_shopper.core.forms.carried import as_submission, as_version
from mystery_shopper.core.forms.choices import (
    NO,
    YES,
    YES_NO,
    AddingField,
    CheckboxesField,
    ConfirmField,
    Option,
    RadiosField,
    SelectField,
)
from mystery_shopper.core.forms.dates import DateField
from mystery_shopper.core.forms.fields import (
    CharacterCountField,
    FileField,
    GovField,
    HiddenField,
    PasswordField,
    SubmitField,
    TextAreaField,
    TextField,
)
from mystery_shopper.core.forms.numbers import DecimalField, IntegerField, MoneyField
from mystery_shopper.core.forms.shared import SharedForm, entries_of
from mystery_shopper.core.forms.validators import Required, RequiredIf

__all__ = [
    "CSRF_REPORTED",
    "FORMS_MADE",
    "LANGUAGE_SWITCHED",
    "NO",
    "TIMED_OUT",
    "YES",
    "YES_NO",
    "AddingField",
    "CharacterCountField",
    "CheckboxesField",
    "ConfirmField",
    "DateField",
    "DecimalField",
    "FileField",
    "GovField",
    "GovForm",
    "HiddenField",
    "IntegerField",
    "MoneyField",
    "Option",
    "PasswordField",
    "RadiosField",
    "Required",
    "RequiredIf",
    "SelectField",
    "SharedForm",
    "SubmitField",
    "TextAreaField",
    "TextField",
    "as_submission",
    "as_version",
    "entries_of",
]
