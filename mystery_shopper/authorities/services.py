"""Writes of the register: importing a file, loading the program's own register, adding fictional bodies."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from uuid import UUID

from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import record
from mystery_shopper.authorities import queries
from mystery_shopper.authorities.models import Authority, AuthorityAlias, RegisterLoad
from mystery_shopper.authorities.policy import KnownName, MatchKind, NameIndex, fold_name, make_slug, search_text
from mystery_shopper.authorities.rows import Problem, RegisterRow, RowsRead, read_row, read_rows
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import ConfigurationError

REGISTER_SOURCE = "register"
IMPORT_SOURCE = "import"
DEMONSTRATION_SOURCE = "demonstration"
COMPARED = ("scope", "pcr_threshold_class", "pcr_contracts_finder_class", "pa23_class")
FILLED = ("parent", "starts_on", "ends_on", "source_id")
KEPT_BY_REGISTER = ("type", "subtype", "parent", "nation", "starts_on", "ends_on", *COMPARED)


@dataclass
class ImportReport:
    """What an import did. With any problem it did nothing.

    `matched` rows named a body that was there; `changed` of these got something new. `differences` are cells in which
    the file and the register disagree about a matched body: the register was kept.
    """

    added: int = 0
    matched: int = 0
    changed: int = 0
    problems: list[Problem] = field(default_factory=list)
    differences: list[Problem] = field(default_factory=list)


class _Register:
    """The register in memory while a file is compared with it."""

    def __init__(self, rows: Iterable[RegisterRow]) -> None:
        self.by_id: dict[UUID, Authority] = {one.id: one for one in queries.list_with_aliases()}
        self._slugs = {one.slug for one in self.by_id.values()}
        self._index = NameIndex(
            KnownName(one.id, name, is_alias=name != one.name, is_live=one.ends_on is None)
            for one in self.by_id.values()
            for name in (one.name, *(alias.name for alias in one.aliases))
        )
        self._file_names = {row.name.casefold() for row in rows}
        self._added: dict[str, Authority] = {}

    def find(self, name: str) -> Authority | None:
        """Return the body a row of the file is about, None when the register does not hold it.

        Another name of a body counts only if the file does not list that body under its own name too.
        """
        match = self._index.recognise(name)
        if match.key is None:
            return None
        known = self.by_id[match.key]
        by_own_name = match.kind is MatchKind.NAME
        return known if by_own_name or known.name.casefold() not in self._file_names else None

    def find_successor(self, name: str) -> Authority | None:
        """Return the body that is named as a successor, one that this file adds included."""
        return self._added.get(name.casefold()) or self.find(name)

    def knows(self, name: str) -> bool:
        """Tell whether a successor's name is a row of the file or in the register."""
        return name.casefold() in self._file_names or self.find(name) is not None

    def add(self, row: RegisterRow, source: str) -> Authority:
        """Make the row's body, with an address of its own."""
        authority = _make_authority(row, source, self._free_slug(row.name))
        self._added[row.name.casefold()] = authority
        return authority

    def _free_slug(self, name: str) -> str:
        base = slug = make_slug(name)
        number = 1
        while slug in self._slugs:
            number += 1
            slug = f"{base}-{number}"
        self._slugs.add(slug)
        return slug


def import_authorities(
    read: RowsRead, *, actor: str, now: datetime, source: str = IMPORT_SOURCE, is_demonstration: bool = False
) -> ImportReport:
    """Add the bodies of a file that the register does not hold, and the new names of those it does.

    A matched body keeps its classes, scope and kind, because staff may have set them; blank fields are filled. Only
    the program's own register (`source` "register") changes bodies that came from it.

    Returns:
        What was done; with problems (from reading, or a successor nobody knows) nothing is.
    """
    register = _Register(read.rows)
    report = ImportReport(problems=[*read.problems, *_unknown_successors(read.rows, register)])
    if report.problems:
        return report
    placed: list[tuple[RegisterRow, Authority]] = []
    for row in read.rows:
        authority = register.find(row.name)
        if authority is None:
            authority = register.add(row, source)
            authority.is_demonstration = is_demonstration
            db.session.add(authority)
            report.added += 1
        else:
            report.matched += 1
            report.changed += _update(authority, row, source, report)
        placed.append((row, authority))
    for row, authority in placed:
        _name_successors(authority, row, register)
    if report.added or report.changed:
        record(Action.AUTHORITIES_IMPORTED, actor=actor, subject="authorities", subject_id=source, now=now)
    db.session.flush()
    return report


def load_register(*, actor: str, now: datetime) -> ImportReport | None:
    """Bring the program's own register into the database; None when this content is there already.

    Raises:
        ConfigurationError: the file of the program is damaged.
    """
    content = files("mystery_shopper").joinpath("authorities", "data", "authorities.csv").read_bytes()
    content_hash = hashlib.sha256(content).hexdigest()
    if queries.is_register_loaded(content_hash):
        return None
    report = import_authorities(read_rows(content.decode()), actor=actor, now=now, source=REGISTER_SOURCE)
    if report.problems:
        raise ConfigurationError(f"authorities.csv, {report.problems[0]}")
    db.session.merge(RegisterLoad(content_hash=content_hash, loaded_at=now))
    db.session.flush()
    return report


def add_demonstration_authorities(
    bodies: Iterable[Mapping[str, str]], *, actor: str, now: datetime
) -> dict[str, Authority]:
    """Add fictional bodies, marked as such, and return them by name. Safe to repeat.

    Raises:
        BadCellError: a body has a cell that cannot be read.
        ConfigurationError: a body has the name of a real one.
    """
    read = RowsRead(rows=[read_row(cells, line) for line, cells in enumerate(bodies, start=1)])
    import_authorities(read, actor=actor, now=now, source=DEMONSTRATION_SOURCE, is_demonstration=True)
    names = {row.name for row in read.rows}
    found = {one.name: one for one in queries.list_authorities() if one.is_demonstration and one.name in names}
    if real := sorted(names - found.keys()):
        raise ConfigurationError(f"The demonstration names a body that is in the register: {real[0]}")
    return found


def _unknown_successors(rows: Iterable[RegisterRow], register: _Register) -> list[Problem]:
    return [
        Problem(row.line, "successor", f"'{name}' is neither in this file nor in the register")
        for row in rows
        for name in row.successors
        if not register.knows(name)
    ]


def _values(row: RegisterRow) -> dict[str, object]:
    return {
        "type": row.type,
        "subtype": row.subtype,
        "parent": row.parent,
        "nation": row.nation,
        "pcr_threshold_class": row.classes.pcr_threshold,
        "pcr_contracts_finder_class": row.classes.pcr_contracts_finder,
        "pa23_class": row.classes.pa23,
        "scope": row.scope,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "source_id": row.source_id,
    }


def _make_authority(row: RegisterRow, source: str, slug: str) -> Authority:
    authority = Authority(
        id=new_id(),
        slug=slug,
        name=row.name,
        folded_name=fold_name(row.name),
        source=row.source or source,
        aliases=[],
        successors=[],
        **_values(row),
    )
    _add_aliases(authority, row)
    return authority


def _update(authority: Authority, row: RegisterRow, source: str, report: ImportReport) -> bool:
    """Bring what is new in the row to the body; tell whether anything was."""
    is_ours = source == REGISTER_SOURCE and authority.source == REGISTER_SOURCE
    values = _values(row)
    changed = _add_aliases(authority, row)
    for name in KEPT_BY_REGISTER if is_ours else FILLED:
        current, new = getattr(authority, name), values[name]
        if current != new and (is_ours or (new and not current)):
            setattr(authority, name, new)
            changed = True
    for name in COMPARED:
        if getattr(authority, name) != values[name]:
            message = f"'{row.name}' has {values[name]} here and {getattr(authority, name)} in the register"
            report.differences.append(Problem(row.line, name, message))
    return changed


def _add_aliases(authority: Authority, row: RegisterRow) -> bool:
    known = {authority.name, *(alias.name for alias in authority.aliases)}
    new = [name for name in dict.fromkeys((row.name, *row.aliases)) if name not in known]
    authority.aliases.extend(AuthorityAlias(id=new_id(), name=name, folded=fold_name(name)) for name in new)
    authority.search_text = search_text([authority.name, *(alias.name for alias in authority.aliases)])
    return bool(new)


def _name_successors(authority: Authority, row: RegisterRow, register: _Register) -> None:
    known = {one.id for one in authority.successors}
    for name in row.successors:
        successor = register.find_successor(name)
        if successor is not None and successor is not authority and successor.id not in known:
            authority.successors.append(successor)
