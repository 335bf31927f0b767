"""Things many tests begin with and none of them shares: made once in each process, then put back for every test."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask

from mystery_shopper.core.db import db
from tests.support.databases import Store

Made = TypeVar("Made")
KEPT_FOLDERS = ("evidence", "mail")


class Standing:
    """Keeps the database, files and mail that something was made with, under a name.

    What is returned is the same object each time, so it must hold plain values: no rows of a session.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._made: dict[str, Any] = {}

    def get(self, app: Flask, name: str, make: Callable[[Flask], Made]) -> Made:
        """Return what `make` made on a fresh database, with everything as it left it."""
        if name in self._made:
            self._put_back(app, name)
        else:
            made = make(app)
            self._keep(app, name)
            self._made[name] = made
        found: Made = self._made[name]
        return found

    def _keep(self, app: Flask, name: str) -> None:
        _close_connections(app)
        self._store.keep_pattern(name)
        self._store.restore_pattern(name)
        for folder in KEPT_FOLDERS:
            if (self._folder / folder).is_dir():
                shutil.copytree(self._folder / folder, self._folder / name / folder)

    def _put_back(self, app: Flask, name: str) -> None:
        if self._store.needs_closed:
            _close_connections(app)
        self._store.restore_pattern(name)
        for folder in KEPT_FOLDERS:
            shutil.rmtree(self._folder / folder, ignore_errors=True)
            if (self._folder / name / folder).is_dir():
                shutil.copytree(self._folder / name / folder, self._folder / folder)


def _close_connections(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
