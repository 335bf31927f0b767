"""Operator commands of notices: check and import files, and measure what each service's notices say."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.notices.comparing import service_name
from mystery_shopper.notices.coverage import Coverage
from mystery_shopper.notices.fetching import Fetcher, FetchError, HttpFetcher
from mystery_shopper.notices.jsontext import FILE_BYTES_MAX, NoticeError, Problem
from mystery_shopper.notices.models import Origin
from mystery_shopper.notices.reading import ReadRelease, read_releases
from mystery_shopper.notices.services import Imported, keep_releases

ACTOR = "system"
PROBLEMS_SHOWN = 20
FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")

notices_cli = AppGroup("notices", help="Procurement notices in OCDS JSON: check, import, measure.")


@dataclass
class FileResult:
    """What became of one file."""

    file: str
    releases: int = 0
    new_notices: int = 0
    new_versions: int = 0
    problems: list[Problem] = field(default_factory=list)


@notices_cli.command("check", with_appcontext=False, epilog="Example: mystery-shopper notices check notices/*.json")
@FILES
@AS_JSON
def check_command(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Read FILES as an import would, and say what is wrong with them. Nothing is written, no database is needed.

    Exit code 1 when a file cannot be imported.
    """
    results = []
    for file in _progress(files, "Checking"):
        result = FileResult(file.name)
        result.releases = len(_read(file, result))
        results.append(result)
    _report(results, as_json=as_json, done="checked", seconds=None)


@notices_cli.command("import", epilog="Example: mystery-shopper notices import notices/*.json --write")
@FILES
@click.option("--write", is_flag=True, help="Save the result. Without it, only say what would be done.")
@AS_JSON
def import_command(files: tuple[Path, ...], *, write: bool, as_json: bool) -> None:
    """Keep each release of FILES as a frozen copy: release packages, record packages, compiled or bare releases.

    A file is kept whole or not at all; a wrong file does not stop the others. The same bytes again change nothing.
    Exit code 1 when a file could not be imported.
    """
    started = time.monotonic()
    results = [_import_file(file, write=write) for file in _progress(files, "Importing")]
    done = "saved" if write else "would be saved (add --write to save)"
    _report(results, as_json=as_json, done=done, seconds=time.monotonic() - started)


def _import_file(file: Path, *, write: bool) -> FileResult:
    result = FileResult(file.name)
    releases = _read(file, result)
    if releases and write:
        with transaction():
            _count(result, _keep(releases, file))
    elif releases:
        _count(result, _keep(releases, file))
        db.session.rollback()
    return result


def _keep(releases: Sequence[ReadRelease], file: Path) -> Imported:
    return keep_releases(releases, origin=Origin.IMPORTED, came_from=file.name, actor=ACTOR, now=clock.utc_now())


def _count(result: FileResult, done: Imported) -> None:
    result.releases, result.new_notices, result.new_versions = done.releases, done.new_notices, done.new_versions


@notices_cli.command("fetch", epilog="Example: NOTICE_FETCH=on mystery-shopper notices fetch 012345-2026")
@click.argument("names", nargs=-1, required=True)
def fetch_command(names: tuple[str, ...]) -> None:
    """Fetch notices from the services that publish them, by OCID or Find a Tender number, and import them.

    Only with the setting NOTICE_FETCH=on. Exit code 1 when one could not be fetched.
    """
    if not current_app.extensions["settings"].notice_fetch:
        raise click.ClickException("Fetching is off. Set NOTICE_FETCH=on to allow it")
    fetcher = HttpFetcher()
    results = [_fetch(name, fetcher) for name in names]
    _report(results, as_json=False, done="saved", seconds=0.0)


def _fetch(name: str, fetcher: Fetcher) -> FileResult:
    result = FileResult(name)
    try:
        releases = read_releases(fetcher.fetch(name))
    except NoticeError as error:
        result.problems.extend(error.problems)
    except FetchError as error:
        result.problems.append(Problem("", error.message))
    else:
        with transaction():
            done = keep_releases(
                releases,
                origin=Origin.IMPORTED,
                came_from=service_name(releases[0].view),
                actor=ACTOR,
                now=clock.utc_now(),
            )
        _count(result, done)
    return result


@notices_cli.command(
    "coverage", with_appcontext=False, epilog="Example: mystery-shopper notices coverage notices/*.json > table.md"
)
@FILES
@AS_JSON
def coverage_command(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Count, for each service, how many releases of FILES say each thing we read and state each fact.

    Prints the tables of docs/notices.md.
    """
    measured = Coverage()
    results = []
    for file in _progress(files, "Reading"):
        result = FileResult(file.name)
        measured.add(_read(file, result))
        results.append(result)
    click.echo(json.dumps(measured.as_json(), indent=2) if as_json else measured.as_markdown())
    _refuse([result for result in results if result.problems])


def _progress(files: Sequence[Path], label: str) -> Iterator[Path]:
    """Yield the files one at a time, with a bar for a person to watch."""
    with click.progressbar(files, label=label, file=sys.stderr) as bar:
        yield from bar


def _read(file: Path, result: FileResult) -> list[ReadRelease]:
    """Read one file; what is wrong with it goes to the result."""
    try:
        if file.stat().st_size > FILE_BYTES_MAX:
            result.problems.append(Problem("", f"The file is larger than {FILE_BYTES_MAX // 1_000_000} MB"))
            return []
        return read_releases(file.read_bytes())
    except OSError as error:
        result.problems.append(Problem("", f"The file cannot be read: {error.strerror or type(error).__name__}"))
    except NoticeError as error:
        result.problems.extend(error.problems)
    return []


def _report(results: Sequence[FileResult], *, as_json: bool, done: str, seconds: float | None) -> None:
    totals = Imported()
    for result in results:
        totals.add(Imported(result.releases, result.new_notices, result.new_versions))
    bad = [result for result in results if result.problems]
    if as_json:
        shown = {"files": [asdict(result) for result in results], **asdict(totals), "bad_files": len(bad)}
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    elif seconds is None:
        click.echo(f"{len(results)} files {done}, {totals.releases} releases, {len(bad)} files with problems.")
    else:
        click.echo(
            f"{len(results)} files, {totals.releases} releases in {seconds:.1f} s: "
            f"{totals.new_versions} new versions of {totals.new_notices} new notices {done}."
        )
    _refuse(bad)


def _refuse(bad: Sequence[FileResult]) -> None:
    for result in bad:
        for problem in result.problems[:PROBLEMS_SHOWN]:
            click.echo(f"{result.file}: {problem}", err=True)
        if len(result.problems) > PROBLEMS_SHOWN:
            click.echo(f"{result.file}: and {len(result.problems) - PROBLEMS_SHOWN} more problems", err=True)
    if bad:
        raise click.ClickException(f"{len(bad)} files could not be read")
