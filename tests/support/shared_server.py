"""The real server on the database of a test, so that the test can look at what the server stored."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config import Config
from tests.support.server import RunningServer, run_server


@contextmanager
def run_shared_server(
    config: Config, folder: Path, *, workers: int = 2, settings: Mapping[str, str] | None = None
) -> Iterator[RunningServer]:
    """Start gunicorn with `workers` processes on the database and the keys of `config`; mail goes below `folder`.

    It believes X-Forwarded-For, as behind a proxy.
    """
    environment = {
        "DATABASE_URL": config.database_url,
        "KEYS_FILE": str(config.keys_file),
        "MAIL_URL": f"folder:{folder / 'mail'}",
        "WORKERS": str(workers),
        "PROXY_COUNT": "1",
        "PUBLICATION_HOLD_DAYS": "0",
        "DECLARE_EACH_CASE": "off",
        "RATE_LIMIT_STORAGE": f"sql+sqlite:///{folder / 'limits.sqlite3'}",
        **(settings or {}),
    }
    with run_server(folder, settings=environment) as server:
        yield server
