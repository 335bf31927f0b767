"""The blueprint the pages of accounts register themselves on."""

from flask import Blueprint

from mystery_shopper.accounts.forms import ActionForm
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import TIMED_OUT

bp = Blueprint("accounts", __name__)


def check_token() -> None:
    """Refuse a bare button without a valid token, before anything is done.

    Raises:
        DomainError: the page timed out.
    """
    if not ActionForm().validate_on_submit():
        raise DomainError(TIMED_OUT)
