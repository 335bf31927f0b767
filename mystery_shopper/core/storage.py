"""What must hold of the database before the service takes a report (asserted at start and by /readyz)."""

from sqlalchemy import Engine, text

from mystery_shopper.core.errors import ConfigurationError

SQLITE_EXPECTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
POSTGRESQL_EXPECTED = {"fsync": "on", "full_page_writes": "on"}


def durability_problems(engine: Engine) -> list[str]:
    """Return what stands between this database and "an acknowledged report is never lost"; empty when nothing does."""
    if engine.dialect.name == "sqlite":
        return _sqlite_problems(engine)
    return _postgresql_problems(engine)


def _sqlite_problems(engine: Engine) -> list[str]:
    problems = []
    with engine.connect() as connection:
        for name, expected in SQLITE_EXPECTED.items():
            found = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            if found != expected:
                problems.append(f"SQLite {name} is {found!r}, must be {expected!r}")
    return problems


def _postgresql_problems(engine: Engine) -> list[str]:
    problems = []
    with engine.connect() as connection:
        for name, expected in POSTGRESQL_EXPECTED.items():
            found = connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar()
            if found != expected:
                problems.append(f"PostgreSQL {name} is {found!r}, must be {expected!r}")
        if connection.execute(text("SELECT current_setting('synchronous_commit')")).scalar() == "off":
            problems.append("PostgreSQL synchronous_commit is 'off', must not be")
        isolation = connection.execute(text("SELECT current_setting('default_transaction_isolation')")).scalar()
        if isolation != "read committed":
            problems.append(f"PostgreSQL default_transaction_isolation is {isolation!r}, must be 'read committed'")
    return problems


def assert_durable(engine: Engine) -> None:
    """Refuse to go on with a database that may lose an acknowledged report.

    Raises:
        ConfigurationError: naming every setting that is wrong.
    """
    if problems := durability_problems(engine):
        raise ConfigurationError("The database is not safe to use: " + "; ".join(problems))
