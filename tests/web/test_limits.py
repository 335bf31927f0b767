"""Limits hold, tell when they end, keep no address, and count right with several processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mystery_shopper.core import clock
from mystery_shopper.web.limits import SqlStorage, address_key
from tests.web.conftest import MakeApp

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
PER_MINUTE = 10


class TestPages:
    @pytest.mark.parametrize("shared", [False, True])
    def test_the_limit_is_reached_and_says_when_it_ends(self, make_app: MakeApp, tmp_path: Path, shared: bool) -> None:
        storage = f"sql+sqlite:///{tmp_path / 'limits.db'}" if shared else "memory://"
        app = make_app(rate_limit_storage=storage)
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        codes = [client.post("/limited").status_code for _try in range(PER_MINUTE)]
        refused = client.post("/limited")
        assert codes == [200] * PER_MINUTE
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 61
        assert "Too many attempts" in refused.text
        assert "10 per 1 minute" not in refused.text

    def test_reading_the_page_is_not_counted(self, make_app: MakeApp) -> None:
        client = make_app().test_client()
        assert {client.get("/limited").status_code for _try in range(3 * PER_MINUTE)} == {200}

    def test_another_address_has_its_own_count(self, make_app: MakeApp) -> None:
        app = make_app()
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        for _try in range(PER_MINUTE + 1):
            client.post("/limited", environ_base={"REMOTE_ADDR": "192.0.2.1"})
        assert client.post("/limited", environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 200

    def test_the_shared_store_holds_no_address(self, make_app: MakeApp, tmp_path: Path) -> None:
        app = make_app(rate_limit_storage=f"sql+sqlite:///{tmp_path / 'limits.db'}")
        app.config["WTF_CSRF_ENABLED"] = False
        app.test_client().post("/limited", environ_base={"REMOTE_ADDR": "192.0.2.77"})
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("limits.db*"))
        assert b"LIMITS" in stored or b"LIMITER" in stored
        assert b"192.0.2.77" not in stored


class TestKey:
    @pytest.mark.parametrize("shared", [False, True])
    def test_the_key_changes_with_the_day_the_address_and_the_start(
        self, make_app: MakeApp, tmp_path: Path, shared: bool
    ) -> None:
        storage = f"sql+sqlite:///{tmp_path / 'limits.db'}" if shared else "memory://"

        def key(address: str, moment: datetime) -> str:
            with clock.frozen(moment), app.test_request_context(environ_base={"REMOTE_ADDR": address}):
                return address_key()

        app = make_app(rate_limit_storage=storage)
        first = key("192.0.2.1", NOW)
        assert first == key("192.0.2.1", NOW + timedelta(hours=1))
        assert first != key("192.0.2.1", NOW + timedelta(days=1))
        assert first != key("192.0.2.2", NOW)
        app = make_app(rate_limit_storage=storage)
        assert first != key("192.0.2.1", NOW)


class TestSqlStorage:
    def storage(self, tmp_path: Path) -> SqlStorage:
        return SqlStorage(f"sql+sqlite:///{tmp_path / 'limits.db'}")

    def test_counts_in_one_window_and_starts_again_after_it(self, tmp_path: Path) -> None:
        storage = self.storage(tmp_path)
        with clock.frozen(NOW):
            assert [storage.incr("a", 60) for _hit in range(3)] == [1, 2, 3]
            assert storage.get("a") == 3
            assert storage.get_expiry("a") == NOW.timestamp() + 60
        with clock.frozen(NOW + timedelta(seconds=61)):
            assert storage.get("a") == 0
            assert storage.incr("a", 60) == 1

    def test_old_windows_are_removed(self, tmp_path: Path) -> None:
        storage = self.storage(tmp_path)
        with clock.frozen(NOW):
            storage.incr("old", 60)
        with clock.frozen(NOW + timedelta(hours=1)):
            storage.incr("new", 60)
            assert storage.reset() == 1

    def test_no_hit_is_lost_when_many_count_at_once(self, tmp_path: Path) -> None:
        storages = [self.storage(tmp_path) for _process in range(4)]

        def hit(number: int) -> int:
            return storages[number % len(storages)].incr("a", 3600)

        with ThreadPoolExecutor(8) as pool:
            counts = sorted(pool.map(hit, range(80)))
        assert counts == list(range(1, 81))

    def test_forgets_one_counter(self, tmp_path: Path) -> None:
        storage = self.storage(tmp_path)
        storage.incr("a", 60)
        storage.clear("a")
        assert storage.get("a") == 0
        assert storage.check()


def test_no_connection_is_open_when_the_workers_fork(tmp_path: Path) -> None:
    storage = SqlStorage(f"sql+sqlite:///{tmp_path / 'limits.db'}")
    assert storage.engine.pool.checkedin() == 0
