"""Reading a whole rule pack takes most of the time of these tests: the same files are read once in each process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from mystery_shopper.core.db import db
from mystery_shopper.replays import running
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.loading import load_catalogue
from tests.factories.reports import Filed
from tests.replays.backlog import committed, file_bonds
from tests.support.desks import signed_in as signed_in
from tests.support.standing import Standing


@pytest.fixture(scope="package", autouse=True)
def packs_read_once() -> Iterator[None]:
    """A pack of the very same files is the same catalogue; one with a mistake is read each time."""
    read: dict[tuple[tuple[str, str], ...], Catalogue] = {}

    def load(directory: Path) -> Catalogue:
        files = tuple(running.files_of(directory).items())
        if files not in read:
            read[files] = load_catalogue(directory)
        return read[files]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "load_catalogue", load)
        yield


@pytest.fixture
def bonds(app: Flask, standing: Standing) -> Callable[..., list[Filed]]:
    """Begin with cases of bonds of so many percent, and with the rules on record; what was before is gone."""

    def begin(*percents: int) -> list[Filed]:
        def file(app: Flask) -> list[Filed]:
            with app.app_context():
                filed = file_bonds(committed, *percents)
                db.session.remove()
            return filed

        return standing.get(app, f"bonds {percents}", file)

    return begin


@pytest.fixture
def backlog(bonds: Callable[..., list[Filed]]) -> list[Filed]:
    """Three open cases: bonds of 3, 7 and 12 percent."""
    return bonds(3, 7, 12)
