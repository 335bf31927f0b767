"""Back-off on receipt codes for the whole service: many addresses together may not try what one may not.

Wrong codes are counted in one window for the whole service. Once there are too many, an address that then sends a wrong
code is held: until the window ends, its codes are not looked at. An address that opened a report today is never held,
and a right code sent first always opens: nobody is locked out by what others do. Counts lie where the other limits do,
one statement each, under keys that cannot be turned back into an address.
"""

from flask import Flask, current_app, request

from config import Config
from mystery_shopper.core.errors import TooManyAttemptsError
from mystery_shopper.core.limits import Limit, limit_of, watch_codes
from mystery_shopper.web.limits import address_key, limiter, seconds_until

WINDOW_SECONDS = 600
BUDGET = 100
"""Wrong codes of the whole service in one window. People mistype a few; the check letters catch most before this."""
DAY_SECONDS = 86_400
WRONG = "receipt-codes:wrong"
BUSY = "Many wrong receipt codes are being entered at the moment, one of them from where you are."


def init_app(app: Flask, _settings: Config) -> None:
    """Watch the codes that `app` is sent."""
    watch_codes(note_code)
    app.before_request(refuse_held)


def refuse_held() -> None:
    """Look at no code from an address that is held.

    Raises:
        TooManyAttemptsError: it is; with the time until the window ends.
    """
    limit = limit_of(current_app.view_functions.get(request.endpoint or ""))
    if limit is Limit.RECEIPT and request.method == "POST" and _is_counting() and limiter.storage.get(_held()):
        raise TooManyAttemptsError(BUSY, retry_after_seconds=seconds_until(limiter.storage.get_expiry(_held())))


def note_code(is_right: bool) -> None:
    """Count what a code turned out to be.

    Raises:
        TooManyAttemptsError: it was wrong, the service has had too many, and the address never sent a right one.
    """
    if not _is_counting():
        return
    if is_right:
        limiter.storage.incr(_good(), DAY_SECONDS)
        return
    wrong = limiter.storage.incr(WRONG, WINDOW_SECONDS)
    if wrong <= BUDGET or limiter.storage.get(_good()):
        return
    seconds = seconds_until(limiter.storage.get_expiry(WRONG))
    limiter.storage.incr(_held(), seconds)
    raise TooManyAttemptsError(BUSY, retry_after_seconds=seconds)


def _held() -> str:
    return f"receipt-codes:held:{address_key()}"


def _good() -> str:
    return f"receipt-codes:good:{address_key()}"


def _is_counting() -> bool:
    return bool(current_app.config["RATELIMIT_ENABLED"])
