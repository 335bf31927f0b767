"""The running application for the journeys: with the register of authorities and no demonstration data."""

from collections.abc import Iterator

import pytest

from tests.support.server import RunningServer, run_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The application under gunicorn on a database of its own."""
    with run_server(tmp_path_factory.mktemp("journeys")) as running:
        yield running
