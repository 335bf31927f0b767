"""A folder of this machine. A file gets its name only when all of it is on the disk, and the folder's entry too."""

import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from mystery_shopper.core import clock
from mystery_shopper.core.streams import CHUNK
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.stores import Stored, StoreError

FOLDER_MODE = 0o700
FILE_MODE = 0o600
OTHERS = 0o077
PART = ".part"
NAME = re.compile(r"[0-9a-f]{32}(\.part)?")
PER_CENT = 100


class FolderStore:
    """Files in folders of 256, by the first two letters of their names."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write under another name, flush the file, give it its name, flush the folder."""
        path = self._path(name)
        part = path.with_name(name + PART)
        try:
            self._make_folder(path.parent)
            self._check_room()
            _write(part, pieces)
            _round_time(part)
            os.rename(part, path)
            _flush_folder(path.parent)
        except OSError as error:
            raise StoreError(f"the folder of evidence cannot be written ({type(error).__name__})") from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise StoreError("no such name")
        return self.root / name[:2] / name

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self.root.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        folder.mkdir(exist_ok=True, mode=FOLDER_MODE)
        _flush_folder(self.root)

    def _check_room(self) -> None:
        usage = shutil.disk_usage(self.root)
        if usage.free * PER_CENT < usage.total * limits()[Limit.DISK]:
            raise StoreError("the disk of evidence is nearly full")

    def read(self, name: str) -> Iterator[bytes]:
        """Look now whether the file is there; open it when its first piece is asked for."""
        path = self._path(name)
        if not path.is_file():
            raise StoreError("the file is not there")
        return _pieces(path)

    def delete(self, name: str) -> None:
        """Remove a file."""
        self._path(name).unlink(missing_ok=True)

    def list_all(self) -> Iterator[Stored]:
        """Yield every file, those that were never finished included."""
        for path in sorted(self.root.glob("??/*")):
            if NAME.fullmatch(path.name):
                with suppress(FileNotFoundError):
                    yield Stored(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC))

    def problems(self) -> list[str]:
        """Look at the modes of the folder, and at the room on its disk."""
        if not self.root.exists():
            return []
        found = []
        if self.root.stat().st_mode & OTHERS:
            found.append(f"the folder can be read by others (mode {stat.S_IMODE(self.root.stat().st_mode):o})")
        try:
            self._check_room()
        except StoreError as error:
            found.append(str(error))
        return found


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece
    except OSError as error:
        raise StoreError("the file cannot be read") from error


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _round_time(path: Path) -> None:
    """Date a file to the coming midnight: the folder keeps no hour of a visit, and nothing looks older than it is."""
    now = clock.utc_now()
    midnight = datetime.combine(now.date() + timedelta(days=1), time(0), UTC).timestamp()
    os.utime(path, (midnight, midnight))


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
