"""From a file of any shape that OCDS has to the releases in it: read, checked, written in one form, hashed.

Shapes: release package, record package (its releases; its compiled release where it has no others), a bare release, a
bare compiled release, and a list of any of these. The schemas stand at this edge; what comes out is plain values.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from mystery_shopper.notices.jsontext import (
    FILE_BYTES_MAX,
    NoticeError,
    Problem,
    canonical,
    join_path,
    read_json,
    refuse,
)
from mystery_shopper.notices.merging import compile_releases
from mystery_shopper.notices.policy import NoticeView, read_view
from mystery_shopper.notices.references import keys_of_release
from mystery_shopper.notices.schemas import ReleaseSchema

RELEASES_MAX = 20_000
PROBLEMS_MAX = 200
RELEASE_BYTES_MAX = 2_000_000
_SCHEMA = ReleaseSchema()


@dataclass(frozen=True)
class ReadRelease:
    """A release that was read: what it says, its bytes in our one form, their SHA-256, and the keys that find it."""

    view: NoticeView
    content: bytes
    sha256: str
    keys: tuple[str, ...]


def read_releases(data: bytes | str, *, bytes_max: int = FILE_BYTES_MAX) -> list[ReadRelease]:
    """Return every release of a text, in its order. All or nothing.

    Raises:
        NoticeError: naming what is wrong, each with its place.
    """
    value = read_json(data, bytes_max=bytes_max)
    found: list[ReadRelease] = []
    problems: list[Problem] = []
    for number, (path, raw) in enumerate(releases_of(value), start=1):
        if number > RELEASES_MAX or len(problems) > PROBLEMS_MAX:
            problems.append(Problem("", "There are too many releases or problems to go on"))
            break
        try:
            found.append(read_release(raw, path))
        except NoticeError as error:
            problems += error.problems
    if problems:
        raise NoticeError(problems)
    if not found:
        raise refuse("There is no release in it")
    return found


def releases_of(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each release of a value with its place.

    Raises:
        NoticeError: the value has none of the shapes.
    """
    if isinstance(value, list) and not path:
        for place, item in enumerate(value):
            yield from releases_of(item, join_path(path, place))
        return
    if not isinstance(value, Mapping):
        raise refuse("must be an object: a release, or a package of releases or records", path)
    if "records" in value:
        for place, record in enumerate(_list_in(value, "records", path)):
            yield from _releases_of_record(record, join_path(join_path(path, "records"), place))
    elif "releases" in value:
        for place, release in enumerate(_list_in(value, "releases", path)):
            yield join_path(join_path(path, "releases"), place), release
    elif "ocid" in value:
        yield path, value
    else:
        raise refuse("has none of the keys releases, records and ocid, so it is no notice", path)


def _releases_of_record(record: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(record, Mapping):
        raise refuse("must be an object", path)
    whole = [one for one in _list_in(record, "releases", path) if isinstance(one, Mapping) and "ocid" in one]
    if whole:
        for place, release in enumerate(record["releases"]):
            yield join_path(join_path(path, "releases"), place), release
    elif record.get("compiledRelease") is not None:
        yield join_path(path, "compiledRelease"), record["compiledRelease"]
    else:
        raise refuse("holds no release, only links to some", path)


def _list_in(value: Mapping[str, Any], key: str, path: str) -> Sequence[Any]:
    found = value.get(key)
    if found is None:
        return ()
    if not isinstance(found, list):
        raise refuse("must be a list", join_path(path, key))
    return found


def read_release(raw: Any, path: str = "") -> ReadRelease:
    """Return one release.

    Raises:
        NoticeError: naming what is wrong, each with its place.
    """
    view = view_of(raw, path)
    content = canonical(raw)
    if len(content) > RELEASE_BYTES_MAX:
        raise refuse(f"is larger than {RELEASE_BYTES_MAX:,} bytes", path)
    return ReadRelease(
        view=view,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        keys=keys_of_release(view.ocid, view.release_id, view.numbers),
    )


def view_of(raw: Any, path: str = "") -> NoticeView:
    """Return what a release says.

    Raises:
        NoticeError: naming what is wrong, each with its place.
    """
    if not isinstance(raw, Mapping):
        raise refuse("must be an object", path)
    try:
        return read_view(_SCHEMA.load(raw))
    except ValidationError as error:
        raise NoticeError(_problems(error.messages, path)) from None


def compiled_view(contents: Sequence[bytes]) -> NoticeView:
    """Return what several frozen copies of one procurement say together; the newest alone where they do not fit.

    Raises:
        NoticeError: there is none.
    """
    releases = [read_json(content) for content in contents]
    try:
        return view_of(compile_releases(releases))
    except NoticeError:
        if not releases:
            raise
        return max((view_of(release) for release in releases), key=lambda view: view.released_at)


def _problems(messages: Any, path: str) -> Iterator[Problem]:
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from _problems(inner, path if step == "_schema" else join_path(path, step))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield Problem(path, str(message).rstrip("."))
