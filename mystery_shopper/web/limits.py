"""How often one address may try: counted under a key that cannot be turned back into the address, and soon forgotten.

The key is made at start, before the workers fork, and held nowhere else: there are few enough addresses that anybody
who has the key could try them all. One process counts in memory; several share a table
(RATE_LIMIT_STORAGE=sql+sqlite:////path or sql+postgresql+psycopg://...). Machines count apart.
"""

import hmac
import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits.storage import Storage
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, create_engine, delete, select, text
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from mystery_shopper.core import clock
from mystery_shopper.core.limits import Limit, limit_of

SQL_PREFIX = "sql+"
KEY_BYTES = 32
KEY_LENGTH_MAX = 255

V = TypeVar("V", bound=Callable[..., Any])

counters = Table(
    "limit_counters",
    MetaData(),
    Column("key", String(KEY_LENGTH_MAX), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)
_COUNT = text(
    "INSERT INTO limit_counters (key, count, expires_at) VALUES (:key, :amount, :expires_at) "
    "ON CONFLICT (key) DO UPDATE SET "
    "count = CASE WHEN limit_counters.expires_at <= :now THEN :amount ELSE limit_counters.count + :amount END, "
    "expires_at = CASE WHEN limit_counters.expires_at <= :now THEN :expires_at ELSE limit_counters.expires_at END "
    "RETURNING count"
)


class SqlStorage(Storage):
    """Counters in a table of their own, one statement a hit, right with any number of processes."""

    STORAGE_SCHEME = ["sql+sqlite", "sql+postgresql", "sql+postgresql+psycopg"]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.engine = create_engine(uri.removeprefix(SQL_PREFIX))
        counters.metadata.create_all(self.engine)
        self.engine.dispose()  # made before the workers fork: none of them may inherit an open connection

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what a failing database raises."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a hit and return the count of the running window; old windows are removed when one begins."""
        now = _timestamp()
        values = {"key": key[:KEY_LENGTH_MAX], "amount": amount, "now": now, "expires_at": now + expiry}
        with self.engine.begin() as connection:
            count = int(connection.execute(_COUNT, values).scalar_one())
            if count == amount:
                connection.execute(delete(counters).where(counters.c.expires_at <= now))
        return count

    def get(self, key: str) -> int:
        """Return the count of the running window."""
        row = self._find(key)
        return int(row["count"]) if row is not None else 0

    def get_expiry(self, key: str) -> float:
        """Return when the running window ends, in seconds since the epoch; now when there is none."""
        row = self._find(key)
        return float(row["expires_at"]) if row is not None else _timestamp()

    def _find(self, key: str) -> Any:
        wanted = select(counters).where(counters.c.key == key[:KEY_LENGTH_MAX], counters.c.expires_at > _timestamp())
        with self.engine.connect() as connection:
            return connection.execute(wanted).mappings().first()

    def check(self) -> bool:
        """Tell whether the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(select(1))
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int:
        """Forget everything and return how many counters there were."""
        with self.engine.begin() as connection:
            return int(connection.execute(delete(counters)).rowcount)

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self.engine.begin() as connection:
            connection.execute(delete(counters).where(counters.c.key == key[:KEY_LENGTH_MAX]))


class _Key:
    """The secret under which addresses are counted; replaced at start."""

    def __init__(self) -> None:
        self.secret = secrets.token_bytes(KEY_BYTES)


_key = _Key()


def address_key() -> str:
    """Return a stand-in for the client's address: a keyed hash of today's date and the address."""
    words = f"{clock.today().isoformat()}|{request.remote_addr or ''}"
    return hmac.new(_key.secret, words.encode(), sha256).hexdigest()[:KEY_BYTES]


limiter = Limiter(key_func=address_key, strategy="fixed-window", headers_enabled=False)


def _limit(rate: str, *methods: str) -> Callable[[V], V]:
    return cast("Callable[[V], V]", limiter.limit(rate, methods=list(methods) or None))


receipt = _limit("10/minute;60/hour", "POST")
"""Trying a receipt code."""
sign_in = _limit("30/minute;300/hour", "POST")
"""Trying a password or a second factor. Each account has its own, much lower limit (accounts.throttle); this one keeps
one address from using up what the whole service may compare, and lets an office behind one address start its day."""
answer = _limit("10/minute;60/hour", "POST")
"""An authority trying its code."""
report = _limit("60/minute;600/hour", "POST")
"""Beginning or sending a report, a suggestion or a message."""
page = _limit("240/minute;3000/hour", "POST")
"""Sending one page of a report: each is sealed anew, and the buyer's name is looked for in the register."""
upload = _limit("20/minute;100/hour", "POST")
"""Sending files."""
search = _limit("60/minute")
"""Searching public pages, and downloads that cost work."""
api = _limit("120/minute")
"""Calls of the interface for programs."""


def _gate(name: Limit, decorate: Callable[[V], V]) -> Callable[[], None]:
    def passing() -> None:
        """Let through what the limit has counted."""

    passing.__qualname__ = f"gate_{name.value}"
    return cast("Callable[[], None]", decorate(cast(V, passing)))


_GATES = {
    name: _gate(name, decorate)
    for name, decorate in (
        (Limit.RECEIPT, receipt),
        (Limit.SIGN_IN, sign_in),
        (Limit.ANSWER, answer),
        (Limit.REPORT, report),
        (Limit.PAGE, page),
        (Limit.UPLOAD, upload),
        (Limit.SEARCH, search),
        (Limit.API, api),
    )
}


def check_marked() -> None:
    """Count a request of a view that declares a limit (`core.limits.limited`); features never import this module."""
    limit = limit_of(current_app.view_functions.get(request.endpoint or ""))
    if limit is not None:
        _GATES[limit]()


def retry_after_seconds() -> int:
    """Return in how many seconds the limit that was just reached ends, one at least."""
    current = limiter.current_limit
    return seconds_until(current.reset_at) if current is not None else 60


def seconds_until(moment: float) -> int:
    """Return the seconds until a moment (seconds since the epoch), one at least."""
    return max(1, round(moment - _timestamp()))


def init_app(app: Flask, settings: Config) -> None:
    """Count requests of `app` in the storage the settings name."""
    _key.secret = secrets.token_bytes(KEY_BYTES)
    app.config["RATELIMIT_STORAGE_URI"] = settings.rate_limit_storage
    app.config.setdefault("RATELIMIT_ENABLED", not settings.testing)
    limiter.init_app(app)
    app.before_request(check_marked)


def _timestamp() -> float:
    return clock.utc_now().timestamp()
