"""Settings: one frozen object, read from the environment once and checked at start."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mystery_shopper.core.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent
MEGABYTE = 1024 * 1024
PUBLICATION_HOLD_DAYS = 10
TRUE_WORDS = frozenset({"1", "on", "true", "yes"})
FALSE_WORDS = frozenset({"", "0", "off", "false", "no"})


@dataclass(frozen=True)
class OidcSettings:
    """The OpenID provider by which staff may sign in, and which of its `amr` or `acr` values are a second factor."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    second_factors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Config:
    """Everything that can differ between two installations. The defaults are fit for one machine on loopback."""

    database_url: str
    keys_file: Path
    instance_dir: Path
    mail_url: str
    mail_from: str
    base_url: str
    trusted_hosts: tuple[str, ...]
    rate_limit_storage: str
    static_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    workers: int = 1
    demo: bool = False
    govuk_brand: bool = False
    proxy_count: int = 0
    service_name: str = "Mystery Shopper"
    notice_fetch: bool = False
    max_request_bytes: int = MEGABYTE
    publication_hold_days: int = PUBLICATION_HOLD_DAYS
    declare_each_case: bool = True
    audit_anchors: Path | None = None
    evidence_store: str = "folder:instance/evidence"
    scanner: str = ""
    oidc: OidcSettings | None = None
    testing: bool = False

    @property
    def https(self) -> bool:
        """Tell whether the public address is https; cookies and HSTS follow it."""
        return self.base_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the data lies in one SQLite file."""
        return self.database_url.startswith("sqlite:")


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings documented in docs/operations.md.

    Raises:
        ConfigurationError: a value that cannot be right, named.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("INSTANCE_DIR", str(ROOT / "instance"))).resolve()
    port = _number(env, "PORT", 8000, 0, 65535)
    base_url = env.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise ConfigurationError("BASE_URL must start with http:// or https://")
    config = Config(
        database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'mystery_shopper.sqlite3'}",
        keys_file=Path(env.get("KEYS_FILE", str(instance / "keys.json"))),
        instance_dir=instance,
        mail_url=env.get("MAIL_URL", f"folder:{instance / 'mail'}"),
        mail_from=env.get("MAIL_FROM", "no-reply@mystery-shopper.invalid"),
        base_url=base_url,
        trusted_hosts=_hosts(env, base_url),
        rate_limit_storage=env.get("RATE_LIMIT_STORAGE", "memory://"),
        static_dir=ROOT / "mystery_shopper" / "web" / "static",
        host=env.get("HOST", "127.0.0.1"),
        port=port,
        threads=_number(env, "THREADS", 8, 1, 64),
        workers=_number(env, "WORKERS", 1, 1, 64),
        demo=_flag(env, "DEMO"),
        publication_hold_days=_number(
            env, "PUBLICATION_HOLD_DAYS", 0 if _flag(env, "DEMO") else PUBLICATION_HOLD_DAYS, 0, 90
        ),
        audit_anchors=Path(env["AUDIT_ANCHORS"]) if env.get("AUDIT_ANCHORS") else None,
        declare_each_case=_flag(env, "DECLARE_EACH_CASE", default="yes"),
        evidence_store=env.get("EVIDENCE_STORE") or f"folder:{instance / 'evidence'}",
        scanner=env.get("SCANNER", ""),
        govuk_brand=_flag(env, "GOVUK_BRAND"),
        notice_fetch=_flag(env, "NOTICE_FETCH"),
        proxy_count=_number(env, "PROXY_COUNT", 0, 0, 5),
        service_name=env.get("SERVICE_NAME", "Mystery Shopper"),
        oidc=_oidc(env),
    )
    _check(config)
    return config


def _oidc(env: Mapping[str, str]) -> OidcSettings | None:
    issuer = env.get("OIDC_ISSUER", "").strip()
    if not issuer:
        return None
    local = re.fullmatch(r"http://(127\.0\.0\.1|localhost)(:\d+)?(/.*)?", issuer)
    if not issuer.startswith("https://") and local is None:
        raise ConfigurationError("OIDC_ISSUER must start with https:// (http:// only for this machine)")
    client_id, secret = env.get("OIDC_CLIENT_ID", ""), env.get("OIDC_CLIENT_SECRET", "")
    if not client_id or not secret:
        raise ConfigurationError("OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set with OIDC_ISSUER")
    factors = frozenset(one.strip() for one in env.get("OIDC_SECOND_FACTORS", "").split(",") if one.strip())
    return OidcSettings(env.get("OIDC_NAME", "your organisation"), issuer, client_id, secret, factors)


def _check(config: Config) -> None:
    if not config.database_url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ConfigurationError("DATABASE_URL must be a sqlite:/// or postgresql:// address")
    if not config.mail_url.startswith(("folder:", "smtp://")):
        raise ConfigurationError("MAIL_URL must be folder:PATH or smtp://HOST:PORT")
    if not config.evidence_store.startswith(("folder:", "s3://")):
        raise ConfigurationError("EVIDENCE_STORE must be folder:PATH or s3://BUCKET/PREFIX")
    if config.scanner and not config.scanner.startswith(("unix:", "tcp://")):
        raise ConfigurationError("SCANNER must be unix:/PATH or tcp://HOST:PORT of a clamd")
    if config.demo and config.host not in ("127.0.0.1", "::1", "localhost"):
        raise ConfigurationError("DEMO publishes its accounts, so it may only listen on this machine (HOST=127.0.0.1)")
    if config.workers > 1 and config.rate_limit_storage == "memory://":
        raise ConfigurationError("RATE_LIMIT_STORAGE must be shared when there is more than one worker")


def _hosts(env: Mapping[str, str], base_url: str) -> tuple[str, ...]:
    given = tuple(host.strip() for host in env.get("TRUSTED_HOSTS", "").split(",") if host.strip())
    own = base_url.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0]
    return given or tuple(dict.fromkeys((own, "127.0.0.1", "localhost")))


def _flag(env: Mapping[str, str], name: str, *, default: str = "") -> bool:
    value = env.get(name, default).strip().lower()
    if value not in TRUE_WORDS | FALSE_WORDS:
        raise ConfigurationError(f"{name} must be on or off")
    return value in TRUE_WORDS


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name, str(default))
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise ConfigurationError(f"{name} must be a whole number from {low} to {high}")
    return int(value)
