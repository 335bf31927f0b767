import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from mystery_shopper.core import clock
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.evidence.stores import EvidenceStore, StoreError, new_name
from mystery_shopper.evidence.stores import folder as folder_module
from mystery_shopper.evidence.stores.folder import FolderStore
from mystery_shopper.evidence.wiring import make_store
from tests.evidence.s3 import FakeS3, run_s3

LARGE = [os.urandom(1_000_000) for _ in range(20)]


@pytest.fixture(scope="module")
def s3() -> Iterator[FakeS3]:
    with run_s3() as server:
        yield server


@pytest.fixture(params=["folder", "s3", "s3-prefix"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> EvidenceStore:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    s3.objects.clear()
    s3.refuses = False
    if request.param == "folder":
        return make_store(f"folder:{tmp_path / 'evidence'}")
    return make_store(s3.address("evidence" if request.param == "s3-prefix" else ""))


@pytest.mark.parametrize("pieces", [[b""], [b"hello"], LARGE], ids=["empty", "small", "20 MB"])
def test_what_is_put_is_read(kept: EvidenceStore, pieces: list[bytes]) -> None:
    name = new_name()
    kept.put(name, iter(pieces))
    assert b"".join(kept.read(name)) == b"".join(pieces)
    assert [one.name for one in kept.list_all()] == [name]
    assert kept.problems() == []


def test_what_is_deleted_is_gone_and_may_be_deleted_again(kept: EvidenceStore) -> None:
    name = new_name()
    kept.put(name, [b"hello"])
    kept.delete(name)
    kept.delete(name)
    assert list(kept.list_all()) == []
    with pytest.raises(StoreError):
        b"".join(kept.read(name))


def test_a_source_that_breaks_leaves_nothing(kept: EvidenceStore) -> None:
    def broken() -> Iterator[bytes]:
        yield b"a" * 100
        raise RuntimeError("gone")

    with pytest.raises((RuntimeError, StoreError)):
        kept.put(new_name(), broken())
    assert list(kept.list_all()) == []


def test_object_storage_is_sent_parts_of_a_bounded_size(s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    s3.largest = 0
    make_store(s3.address()).put(new_name(), iter(LARGE))
    assert 0 < s3.largest <= 8 * 1024 * 1024


def test_object_storage_that_is_away(s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    away = make_store(s3.address())
    s3.refuses = True
    with pytest.raises(StoreError):
        away.put(new_name(), [b"hello"])
    assert away.problems()
    s3.refuses = False


@pytest.mark.parametrize("address", ["folder:", "s3://", "http://x", "nowhere"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ConfigurationError):
        make_store(address)


class TestFolder:
    def test_nobody_else_may_read(self, tmp_path: Path) -> None:
        old = os.umask(0)
        try:
            FolderStore(tmp_path / "evidence").put(name := new_name(), [b"hello"])
        finally:
            os.umask(old)
        path = tmp_path / "evidence" / name[:2] / name
        modes = [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent, tmp_path / "evidence")]
        assert modes == [0o600, 0o700, 0o700]

    def test_the_file_and_then_its_folder_are_flushed_before_put_returns(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[str] = []

        def fsync(descriptor: int) -> None:
            kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
            done.append(kind)

        def rename(old: Path, new: Path) -> None:
            done.append("rename")
            shutil.move(old, new)

        monkeypatch.setattr(folder_module, "os", SimpleNamespace(**{**vars(os), "fsync": fsync, "rename": rename}))
        FolderStore(tmp_path / "evidence").put(new_name(), [b"hello"])
        assert done == ["folder", "file", "rename", "folder"]

    def test_a_full_disk_takes_no_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        usage = SimpleNamespace(total=100, free=4, used=96)
        monkeypatch.setattr(folder_module.shutil, "disk_usage", lambda _path: usage)
        kept = FolderStore(tmp_path / "evidence")
        with pytest.raises(StoreError, match="nearly full"):
            kept.put(new_name(), [b"hello"])
        assert kept.problems() == ["the disk of evidence is nearly full"]

    def test_a_failed_write_leaves_nothing_behind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fsync(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(folder_module, "os", SimpleNamespace(**{**vars(os), "fsync": fsync}))
        (tmp_path / "evidence").mkdir(mode=0o700)
        with pytest.raises(StoreError):
            FolderStore(tmp_path / "evidence").put(new_name(), [b"hello"])
        assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []

    @pytest.mark.parametrize("name", ["../../etc/passwd", "", "x", "a" * 31, "A" * 32, "a" * 32 + "/x"])
    def test_only_random_names_are_looked_for(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(StoreError):
            FolderStore(tmp_path).read(name)

    def test_the_time_of_a_file_is_the_coming_midnight(self, tmp_path: Path) -> None:
        kept = FolderStore(tmp_path / "evidence")
        kept.put(new_name(), [b"hello"])
        (one,) = kept.list_all()
        assert one.written_at > clock.utc_now()
        assert (one.written_at.hour, one.written_at.minute, one.written_at.second) == (0, 0, 0)

    def test_a_folder_that_others_can_read_is_a_problem(self, tmp_path: Path) -> None:
        (tmp_path / "evidence").mkdir()
        (tmp_path / "evidence").chmod(0o755)
        assert "mode 755" in FolderStore(tmp_path / "evidence").problems()[0]
