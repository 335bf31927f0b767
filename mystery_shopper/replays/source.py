"""How the program learns which rules are in force: a request asks once, commands and the worker each time."""

from flask import Flask, has_app_context

from config import Config
from mystery_shopper.replays import running
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.loading import use_source


def init_app(app: Flask, _settings: Config) -> None:
    """Let the whole program ask which catalogue is in force."""
    use_source(catalogue_in_force)
    app.before_request(running.ask_once)
    app.teardown_request(_end)


def catalogue_in_force() -> Catalogue | None:
    """Return the catalogue in force; None without an application, where nothing can be on record."""
    return running.running().catalogue if has_app_context() else None


def _end(_error: BaseException | None) -> None:
    running.ask_each_time()
