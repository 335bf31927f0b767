import pytest

from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.evidence.policy import ScanState
from mystery_shopper.evidence.scanner import Clamd, ScannerDownError
from tests.evidence.clamd import Behaviour, FakeClamd
from tests.factories.evidence import EICAR

WORKING = [False, True]


@pytest.mark.parametrize("unix", WORKING)
def test_a_clean_stream_and_a_virus(unix: bool) -> None:
    with FakeClamd(unix=unix) as server:
        scanner = Clamd.from_address(server.address)
        assert scanner.scan([b"hello", b"", b"there"]) is ScanState.CLEAN
        assert server.received == 10
        assert scanner.scan([EICAR[:20], EICAR[20:]]) is ScanState.INFECTED
        assert scanner.answers()


@pytest.mark.parametrize("behaviour", [one for one in Behaviour if one is not Behaviour.WORKS])
def test_anything_but_a_plain_answer_is_no_answer(behaviour: Behaviour) -> None:
    with FakeClamd(behaviour) as server, pytest.raises(ScannerDownError):
        Clamd.from_address(server.address).scan([b"hello"] * 100, seconds=1)


@pytest.mark.parametrize("place", ["/nowhere/clamd.ctl", ("127.0.0.1", 1)])
def test_a_scanner_that_is_not_there(place: str | tuple[str, int]) -> None:
    scanner = Clamd(place)
    assert not scanner.answers()
    with pytest.raises(ScannerDownError):
        scanner.scan([b"hello"], seconds=1)


@pytest.mark.parametrize("address", ["clamd", "tcp://", "tcp://host", "http://host:1", ""])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ConfigurationError):
        Clamd.from_address(address)
