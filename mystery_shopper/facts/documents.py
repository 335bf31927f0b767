"""YAML data files whose every value remembers its line, so that a bad entry can be reported with file and line."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import yaml
from marshmallow import Schema, ValidationError

Step: TypeAlias = str | int
Trail: TypeAlias = tuple[Step, ...]


class DocumentError(Exception):
    """A data file is wrong. `path` and `line` (from 1) say where; the text of the error starts with both."""

    def __init__(self, message: str, *, path: Path, line: int) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.message = message
        self.path = path
        self.line = line


class _DataLoader(yaml.CSafeLoader):
    """YAML 1.1 without its surprises: only `true` and `false` are booleans, and fractions are exact decimals."""


def _decimal(loader: _DataLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)).replace("_", ""))


_DataLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_DataLoader.add_constructor("tag:yaml.org,2002:float", _decimal)


@dataclass(frozen=True)
class Document:
    """The plain data of one file, and the line on which each part of it begins."""

    path: Path
    data: object
    lines: Mapping[Trail, int] = field(repr=False)

    def line_of(self, trail: Trail) -> int:
        """Return the line of the nearest known part at or above `trail`."""
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return self.lines.get(trail, 1)

    def error(self, message: str, trail: Trail = ()) -> DocumentError:
        """Return (not raise) an error that points at `trail`."""
        return DocumentError(message, path=self.path, line=self.line_of(trail))

    def load(self, schema: Schema, data: object, trail: Trail = ()) -> dict[str, object]:
        """Check one mapping of this file against a marshmallow schema.

        Raises:
            DocumentError: naming the first wrong key, in file order.
        """
        if not isinstance(data, dict):
            raise self.error("expected a mapping of keys to values", trail)
        try:
            loaded = schema.load(data)
        except ValidationError as error:
            found = sorted(_flatten(error.messages, trail), key=lambda pair: (self.line_of(pair[0]), str(pair[0])))
            where, message = found[0]
            name = ".".join(str(step) for step in where[len(trail) :]) or "entry"
            raise self.error(f"{name}: {message}", where) from None
        return dict(loaded)

    def entries(self, schema: Schema, key: str, *, beside: str = "") -> list[tuple[Trail, dict[str, object]]]:
        """Check the list under the top-level `key`, each entry against `schema`; an id is given once.

        `beside` is the one other top-level key the file may have.
        """
        if not isinstance(self.data, dict) or set(self.data) - ({beside} - {""}) != {key}:
            raise self.error(f"expected exactly one top-level key, '{key}'")
        items = self.data[key]
        if not isinstance(items, list):
            raise self.error(f"'{key}' must be a list", (key,))
        loaded: list[tuple[Trail, dict[str, object]]] = []
        seen: set[object] = set()
        for index, item in enumerate(items):
            trail: Trail = (key, index)
            entry = self.load(schema, item, trail)
            if "id" in entry and entry["id"] in seen:
                raise self.error(f"id '{entry['id']}' is used twice", trail)
            seen.add(entry.get("id"))
            loaded.append((trail, entry))
        return loaded


def read_document(path: Path) -> Document:
    """Read a YAML file (UTF-8, one document).

    Raises:
        DocumentError: not YAML, a key given twice, or an anchor or alias (refused: they hide what a value is).
    """
    return parse_document(path.read_text(encoding="utf-8"), path)


def parse_document(text: str, path: Path) -> Document:
    """Read YAML that was taken from a file already; `path` is what its errors name.

    Raises:
        DocumentError: as `read_document`.
    """
    lines: dict[Trail, int] = {}
    loader = _DataLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise DocumentError("the file is empty", path=path, line=1)
        data = _construct(loader, node, (), lines, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DocumentError(error.problem or "not valid YAML", path=path, line=line) from None
    except ValueError as error:
        raise DocumentError(str(error), path=path, line=1) from None
    finally:
        loader.dispose()
    return Document(path=path, data=data, lines=lines)


def _construct(loader: _DataLoader, node: yaml.Node, trail: Trail, lines: dict[Trail, int], path: Path) -> object:
    """Build plain data from a YAML node and note the line of each part."""
    line = node.start_mark.line + 1
    if trail in lines and not trail:
        raise DocumentError("more than one document", path=path, line=line)
    lines[trail] = line
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(loader, node, trail, lines, path)
    if isinstance(node, yaml.SequenceNode):
        return [_construct(loader, child, (*trail, i), lines, path) for i, child in enumerate(node.value)]
    value: object = loader.construct_object(node, deep=True)
    return value


def _construct_mapping(
    loader: _DataLoader, node: yaml.MappingNode, trail: Trail, lines: dict[Trail, int], path: Path
) -> dict[str, object]:
    mapping: dict[str, object] = {}
    for key_node, value_node in node.value:
        key: Hashable = loader.construct_object(key_node)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise DocumentError(f"key {key!r} must be text", path=path, line=line)
        if key in mapping:
            raise DocumentError(f"key '{key}' is given twice", path=path, line=line)
        mapping[key] = _construct(loader, value_node, (*trail, key), lines, path)
        lines[(*trail, key)] = line
    return mapping


def _flatten(messages: object, trail: Trail) -> list[tuple[Trail, str]]:
    """Turn marshmallow's nested messages into (trail, first message) pairs."""
    if isinstance(messages, dict):
        return [
            pair
            for key, inner in messages.items()
            for pair in _flatten(inner, trail if key == "_schema" else (*trail, key))
        ]
    first = messages[0] if isinstance(messages, list) and messages else messages
    return [(trail, str(first).rstrip("."))]
