"""Which catalogue is in force in this process: the newest version on record, or the shipped one where there is none.

Another process may put a version in force at any time, so a request asks once, and commands and the worker each time.
A number always means the same content, so what was loaded for it stays good.
"""

import tempfile
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mystery_shopper.core.db import separate_reading
from mystery_shopper.replays.models import CatalogueVersion
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.loading import load_catalogue, shipped_catalogue

SHIPPED = 0
"""The number of the catalogue while no version is on record."""
KEPT = 4


@dataclass(frozen=True)
class Running:
    """A catalogue and its number."""

    number: int
    catalogue: Catalogue


_loaded: dict[str, Catalogue] = {}
_asked: ContextVar[list[Running] | None] = ContextVar("asked_which_rules", default=None)


def ask_once() -> None:
    """Ask only once from here on in this context: a request is one piece of work, and one catalogue judges it."""
    _asked.set([])


def ask_each_time() -> None:
    """End what `ask_once` began."""
    _asked.set(None)


def running() -> Running:
    """Return the catalogue in force with its number."""
    asked = _asked.get()
    if asked is None:
        return _find()
    if not asked:
        asked.append(_find())
    return asked[0]


def _find() -> Running:
    head = select(func.max(CatalogueVersion.number))
    with separate_reading() as session:
        found = session.execute(
            select(CatalogueVersion.number, CatalogueVersion.version).where(
                CatalogueVersion.number == head.scalar_subquery()
            )
        ).one_or_none()
        if found is None:
            return Running(SHIPPED, shipped_catalogue())
        number, version = found
        if version not in _loaded:
            return Running(number, catalogue_of(version, _read(session, number)))
    return Running(number, _loaded[version])


def _read(session: Session, number: int) -> dict[str, str]:
    return session.scalars(select(CatalogueVersion.files).where(CatalogueVersion.number == number)).one()


def catalogue_of(version: str, files: dict[str, str]) -> Catalogue:
    """Return the catalogue of these files, loaded once; its version names its content."""
    found = _loaded.get(version)
    if found is None:
        found = read_files(files)
        while len(_loaded) >= KEPT:
            _loaded.pop(next(iter(_loaded)), None)
        _loaded[version] = found
    return found


def read_files(files: dict[str, str]) -> Catalogue:
    """Return the catalogue whose files these are, by path within the pack.

    Raises:
        CatalogueError: the first thing wrong, with file and line.
        ValueError: a path that leads out of the pack.
    """
    with tempfile.TemporaryDirectory(prefix="catalogue-") as folder:
        for name, content in files.items():
            path = (Path(folder) / name).resolve()
            if not path.is_relative_to(Path(folder).resolve()):
                raise ValueError(f"{name} is not a path within a pack")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return load_catalogue(Path(folder))


def files_of(directory: Path) -> dict[str, str]:
    """Return the files of a pack in a folder, by path within it."""
    return {
        path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(directory.rglob("*.yaml"))
    }
