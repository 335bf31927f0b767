"""The office of two reviewers, for every test of retention that asks for it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from mystery_shopper.core import clock
from tests.factories.records import LONG_AGO
from tests.retention.office import TODAY, Two


@pytest.fixture
def two(app_context: Flask) -> Iterator[Two]:
    with clock.frozen(LONG_AGO):
        made = Two()
    with clock.frozen(TODAY):
        yield made
