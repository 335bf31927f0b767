"""Reading JSON from strangers and writing it in one form only. Pure.

What is read comes back with whole numbers as int and all others as Decimal, so that writing it again changes no digit.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.text import is_storable

DEPTH_MAX = 20
"""Objects and lists inside one another; a record package of a real notice has 13."""
DIGITS_MAX = 18
EXPONENT_MAX = 30
"""Sell2Wales writes "no limit" as 7.9e28; nothing we read as an amount comes near."""
FILE_BYTES_MAX = 50_000_000
SHOWN_MAX = 20
_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (like `releases[0].tender.value.amount`, empty for the whole) and what."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class NoticeError(DomainError):
    """A notice cannot be read. `problems` names each thing that is wrong with its place."""

    def __init__(self, problems: Iterable[Problem], *, field: str | None = None) -> None:
        self.problems = tuple(problems)
        shown = "; ".join(str(problem) for problem in self.problems[:SHOWN_MAX])
        more = len(self.problems) - SHOWN_MAX
        super().__init__(f"{shown}; and {more} more" if more > 0 else shown, field=field)


def refuse(message: str, path: str = "") -> NoticeError:
    """Return (not raise) the error for one problem."""
    return NoticeError([Problem(path, message)])


def join_path(path: str, step: str | int) -> str:
    """Return the path one step further in. Keys that are no plain names are quoted."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    shown = step if _SIMPLE.match(step) else json.dumps(step[:40])
    return f"{path}.{shown}" if path else shown


def read_json(data: bytes | str, *, bytes_max: int = FILE_BYTES_MAX) -> Any:
    """Return the value of a JSON text.

    Raises:
        NoticeError: too large, no UTF-8, no JSON, nested too deep, a key twice, or a number or text nobody can store.
    """
    if len(data) > bytes_max:
        raise refuse(f"The text is larger than {bytes_max:,} bytes")
    if isinstance(data, bytes):
        if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
            raise refuse("The text must be UTF-8 without a byte order mark")
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise refuse(f"The text is not UTF-8 (byte {error.start + 1:,})") from None
    try:
        value = json.loads(
            data,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise refuse(f"The text is nested deeper than {DEPTH_MAX} levels") from None
    except json.JSONDecodeError as error:
        raise refuse(f"Not JSON: {error.msg} at line {error.lineno:,}, column {error.colno:,}") from None
    _check_tree(value)
    return value


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > DIGITS_MAX:
        raise refuse(f"A number has more than {DIGITS_MAX} digits")
    if text == "-0":
        raise refuse("A number is -0")
    return int(text)


def _fraction(text: str) -> Decimal:
    if sum(char.isdigit() for char in text) > 2 * DIGITS_MAX:
        raise refuse(f"A number has more than {2 * DIGITS_MAX} digits")
    number = Decimal(text)
    if number and abs(number.adjusted()) > EXPONENT_MAX:
        raise refuse("A number is too large or too small")
    return number


def _no_constant(text: str) -> Any:
    raise refuse(f"{text} is not a number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise refuse(f"The key {json.dumps(key[:40])} is given twice in one object")
        found[key] = value
    return found


def _check_tree(value: Any) -> None:
    """Refuse what is nested too deep and text that no database stores, without recursion."""
    waiting: list[tuple[Any, str, int]] = [(value, "", 1)]
    while waiting:
        item, path, depth = waiting.pop()
        if isinstance(item, str) and not is_storable(item):
            raise refuse("The text holds a character that cannot be stored", path)
        if not isinstance(item, dict | list):
            continue
        if depth > DEPTH_MAX:
            raise refuse(f"The text is nested deeper than {DEPTH_MAX} levels")
        steps = item.items() if isinstance(item, dict) else enumerate(item)
        for step, inner in steps:
            if isinstance(step, str) and not is_storable(step):
                raise refuse("A key holds a character that cannot be stored", path)
            waiting.append((inner, join_path(path, step), depth + 1))


def canonical(value: Any) -> bytes:
    """Return the one way we write a value that `read_json` gave: keys sorted, no spaces, UTF-8, each number as it came.

    Two texts that differ only in the order of keys or in spaces give the same bytes.
    """
    return "".join(_write(value)).encode("utf-8")


def _write(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        yield "{"
        for number, key in enumerate(sorted(value)):
            yield ("," if number else "") + json.dumps(key, ensure_ascii=False) + ":"
            yield from _write(value[key])
        yield "}"
    elif isinstance(value, list | tuple):
        yield "["
        for number, item in enumerate(value):
            if number:
                yield ","
            yield from _write(item)
        yield "]"
    else:
        yield str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
