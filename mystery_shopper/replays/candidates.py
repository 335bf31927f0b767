"""Candidates: a figure set anew on the catalogue in force, or a whole pack the operator put into a folder."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from mystery_shopper.core.errors import DomainError
from mystery_shopper.facts.definitions import FactType
from mystery_shopper.facts.policy import display_typed
from mystery_shopper.replays.queries import get_version
from mystery_shopper.replays.running import SHIPPED, Running, files_of, read_files, running
from mystery_shopper.replays.states import Origin
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.compiler import CatalogueError
from mystery_shopper.rules.loading import DATA
from mystery_shopper.rules.overrides import OVERRIDES_FILE, write_overrides
from mystery_shopper.rules.parameters import Parameter, ParameterRow
from mystery_shopper.rules.results import Basis

FOREIGN = "facts.yaml"
POUND = 100


@dataclass(frozen=True)
class Candidate:
    """A catalogue that could be put in force: its files by path, what it is in words, and what it is made from."""

    catalogue: Catalogue
    files: dict[str, str]
    summary: str
    origin: Origin
    base: Running


@dataclass(frozen=True)
class Figure:
    """A figure an office may set, and what it is now in words."""

    id: str
    title: str
    shown: str
    type: FactType


def settable_figures(pack: Catalogue) -> list[Figure]:
    """Return the figures an office may set, by title: assumptions of the project with one value in force now."""
    found = ((parameter, open_row(parameter)) for parameter in pack.parameters.values())
    figures = [
        Figure(parameter.id, parameter.title, _shown(parameter, row), parameter.type)
        for parameter, row in found
        if row is not None
    ]
    return sorted(figures, key=lambda figure: figure.title)


def open_row(parameter: Parameter) -> ParameterRow | None:
    """Return the single value of an assumption that holds from some day on without end, None when it has none."""
    rows = [row for row in parameter.rows if row.ends_on is None]
    return rows[0] if parameter.basis is Basis.PROJECT_ASSUMPTION and not parameter.by and len(rows) == 1 else None


def _shown(parameter: Parameter, row: ParameterRow) -> str:
    return display_typed(parameter.type, row.values[()], parameter.currency)


def files_in_force() -> dict[str, str]:
    """Return the files of the catalogue in force."""
    number = running().number
    return files_of(DATA) if number == SHIPPED else dict(get_version(number).files)


def read_overrides(files: dict[str, str]) -> dict[str, str]:
    """Return the figures a pack has set, as written in its own file; none where it has no such file."""
    raw = yaml.load(files.get(OVERRIDES_FILE, ""), yaml.BaseLoader)  # noqa: S506 - text only, no types are made
    return {entry["id"]: entry["value"] for entry in raw["overrides"]} if raw else {}


def with_figure(figure_id: str, value: Decimal) -> Candidate:
    """Return the catalogue in force with one figure set to `value` (money in pounds).

    Raises:
        DomainError: there is no such figure to set, or the value does not fit it.
    """
    base = running()
    parameter = base.catalogue.parameters.get(figure_id)
    row = open_row(parameter) if parameter else None
    if parameter is None or row is None:
        raise DomainError("Select a figure from the list", field="figure")
    written = format(value.normalize(), "f")
    files = files_in_force()
    files[OVERRIDES_FILE] = write_overrides({**read_overrides(files), figure_id: written})
    try:
        pack = read_files(files)
    except CatalogueError:
        whole = parameter.type not in {FactType.PERCENTAGE, FactType.MULTIPLE, FactType.MONEY}
        hint = "a whole number" if whole else "a number with at most two decimals"
        raise DomainError(f"The new value must be {hint}, like {_shown(parameter, row)} now", field="value") from None
    new = pack.parameters[figure_id]
    new_row = open_row(new) or row
    if new_row.values == row.values:
        raise DomainError(f"The figure is {_shown(parameter, row)} already. Nothing would change", field="value")
    summary = f"{parameter.title}: {_shown(parameter, row)} becomes {_shown(new, new_row)}"
    return Candidate(pack, files, summary, Origin.FIGURE, base)


def from_folder(directory: Path, *, field: str | None = None) -> Candidate:
    """Return the pack in a folder.

    Raises:
        DomainError: it cannot be read, brings facts of its own, or is what is in force already.
    """
    if (directory / FOREIGN).exists():
        raise DomainError(f"The pack '{directory.name}' brings its own facts and cannot judge our cases", field=field)
    try:
        files = files_of(directory)
        pack = read_files(files)
    except CatalogueError as error:
        where = f"{directory.name}/{error.path.name}:{error.line}"
        raise DomainError(f"The pack cannot be read. {where}: {error.message}", field=field) from None
    except (OSError, UnicodeDecodeError):
        raise DomainError(f"The pack '{directory.name}' cannot be read", field=field) from None
    summary = f"Rule pack {directory.name}: {pack.name}, {pack.version}"
    base = running()
    if pack.version == base.catalogue.version:
        raise DomainError("That pack is in force already. Nothing would change", field=field)
    return Candidate(pack, files, summary, Origin.PACK, base)


def in_force() -> Candidate:
    """Return the catalogue in force, to be compared with flags that were judged by earlier ones."""
    base = running()
    summary = f"The rules in force ({base.catalogue.version}), on cases judged by earlier ones"
    return Candidate(base.catalogue, files_in_force(), summary, Origin.RELEASE, base)


def list_packs(folder: Path) -> list[str]:
    """Return the names of the packs in the operator's folder; none when there is no such folder."""
    return sorted(path.parent.name for path in folder.glob("*/pack.yaml"))
