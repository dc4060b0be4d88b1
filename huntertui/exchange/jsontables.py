"""JSON as tables: lists of objects, each a row, and text of one object a line.

What an object holds in parts becomes columns by the names of the parts, and several values of one become one
cell. A row's number is that of the object in its list, or of its line. An export of our own keeps each item
as it is, in one cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from huntertui.exchange.faults import ImportFault
from huntertui.exchange.pipelines import stages_in
from huntertui.exchange.words import BETWEEN
from huntertui.records import dataclass

if TYPE_CHECKING:
    from huntertui.exchange.decoding import Text
    from huntertui.exchange.reading import Rows
    from huntertui.model.pipeline import Stage

MAX_WHOLE = 64_000_000  # characters of a text that has to be held as a whole
OWN = "huntertui item"
"""The one column of our own exports."""

_OWN = re.compile(r'\s*\{"schema": \d+, "export": "huntertui"')
_TEAM = frozenset({"sales", "users", "owners", "members"})  # tables of who sells, not of whom they sell to
_WRAPS = frozenset({"properties", "attributes", "fields"})  # names that say nothing of what is in them
_MAIN = ("value", "email", "number", "phone", "address", "name", "url", "id")  # what says most of an object
_WAYS = frozenset({"emails", "phones"})  # what an object of a person has
_DEPTH = 8
_THREE = re.compile(r"-?\d{1,3}\.\d{3}")

Object = dict[str, Any]
Objects = Callable[[], Iterable[tuple[int, object]]]


@dataclass(frozen=True, slots=True)
class JsonTable:
    """One table of a text: `name` is "" where there is only one. `off_limits`, `stages`: the list of those
    not to contact, and the pipeline, that our own exports bring along."""

    name: str
    rows: Callable[[], Rows]
    off_limits: tuple[Object, ...] = ()
    stages: tuple[Stage, ...] = ()


def tables_in(text: Text) -> tuple[list[JsonTable], tuple[str, ...]]:
    """The tables, and what is said of others. ImportFault when there is none."""
    first = next((line for line in text.lines() if line.strip()), "")
    if _OWN.match(first):
        head = first if first.rstrip().endswith("}") else f"{first.rstrip()}]}}"
        return [_own(lambda: _items(text), _parsed(head, text, 1))], ()
    if _is_line(first, text):
        return [JsonTable("", _table(lambda: _lines(text)))], ()
    held = "".join(_held(text))
    found = _parsed(held, text, 1)
    if isinstance(found, dict) and found.get("export") == "huntertui":  # which somebody has formatted anew
        found = json.loads(held)
        items = found.get("items")
        lines = [(n, json.dumps(item)) for n, item in enumerate(items if isinstance(items, list) else [], 1)]
        return [_own(lambda: lines, found)], ()
    lists = _lists_in({"": found} if isinstance(found, list) else found)
    ours = [f"{key}: people of the program it comes from, left out" for key in lists if key in _TEAM]
    named = [pair for key, rows in lists.items() if key not in _TEAM for pair in _parted(key, rows)]
    if not named:
        raise ImportFault(f"{text.blob.where} has no list of objects: export it as CSV")
    tables = [(key, _of_list(rows)) for key, rows in named]
    return [JsonTable(key if len(tables) > 1 else "", _table(objects)) for key, objects in tables], tuple(
        ours
    )


def numeral(text: str) -> str:
    """A number that a program has written, so that nobody takes a fraction for thousands: 1.234 is 1.2340."""
    return f"{text}0" if _THREE.fullmatch(text) else text


def _own(items: Callable[[], Iterable[tuple[int, str]]], head: Object) -> JsonTable:
    def rows() -> Rows:
        yield 0, [OWN]
        for line, item in items():
            yield line, [item]

    off = head.get("do_not_contact")
    listed = tuple(filter(_is_listed, off)) if isinstance(off, list) else ()
    return JsonTable("", rows, listed, stages_in(head.get("stages")))


def _is_listed(entry: object) -> bool:
    """Whether it is one of the list of those not to contact."""
    return isinstance(entry, dict) and all(isinstance(entry.get(field), str) for field in ("kind", "value"))


def _items(text: Text) -> Iterator[tuple[int, str]]:
    """The items of an export of our own, which stand in a line each."""
    for line, said in enumerate(text.lines(), 1):
        item = said.strip().removesuffix(",")
        if item and item != "]}" and not _OWN.match(item):
            yield line, item


def _is_line(first: str, text: Text) -> bool:
    """Whether this is the first of several lines that are an object each."""
    if sum(1 for line, _ in zip(text.lines(), range(1_000), strict=False) if line.strip()) < 2:
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _lines(text: Text) -> Iterator[tuple[int, object]]:
    return ((n, _parsed(line, text, n)) for n, line in enumerate(text.lines(), 1) if line.strip())


def _of_list(objects: list[object]) -> Objects:
    return lambda: enumerate(objects, 1)


def _lists_in(found: object, depth: int = 3) -> dict[str, list[Any]]:
    """The lists of an object that have something in them, else those in the objects that it holds."""
    parts = found if isinstance(found, dict) else {}
    lists = {key: part for key, part in parts.items() if isinstance(part, list) and any(part)}
    if lists or not depth:
        return lists
    return {key: rows for part in parts.values() for key, rows in _lists_in(part, depth - 1).items()}


def _parted(name: str, objects: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """A list, and those that its objects hold of others which name them, as Close has opportunities in leads.
    People stay with what they belong to."""
    inner: dict[str, list[Any]] = {}
    for found in objects:
        for key, part in found.items() if isinstance(found, dict) else ():
            if isinstance(part, list) and any(_names(child, found.get("id")) for child in part):
                inner.setdefault(key, []).extend(part)
    if not inner:
        yield name, objects
        return
    yield name, [{key: found[key] for key in found if key not in inner} for found in objects]
    yield from inner.items()


def _names(child: object, id: object) -> bool:
    """Whether an object that is no person names the one that holds it."""
    if not isinstance(child, dict) or not id or _WAYS.intersection(child):
        return False
    return any(value == id for key, value in child.items() if key.endswith("_id"))


def _held(text: Text) -> Iterator[str]:
    size = 0
    for line in text.lines():
        size += len(line)
        if size > MAX_WHOLE:
            most = f"{MAX_WHOLE // 1_000_000} MB"
            raise ImportFault(f"{text.blob.where} is JSON of more than {most}: export it as NDJSON or CSV")
        yield line


def _parsed(said: str, text: Text, line: int) -> Any:
    """A value, its numbers as they are written. ImportFault."""
    try:
        return json.loads(said, parse_float=numeral, parse_int=str, parse_constant=lambda _: None)
    except RecursionError:
        raise ImportFault(
            f"{text.blob.where}, line {line}: objects in objects in objects, too deep"
        ) from None
    except json.JSONDecodeError as error:
        where = f"{text.blob.where}, line {line + error.lineno - 1}"
        raise ImportFault(f"{where}: no JSON: {error.msg[0].lower()}{error.msg[1:]}") from None


def _table(objects: Objects) -> Callable[[], Rows]:
    headers: dict[str, None] = {}
    for _, found in objects():
        headers.update(dict.fromkeys(_flat(found)))

    def rows() -> Rows:
        yield 0, list(headers)
        for line, found in objects():
            cells = _flat(found)
            yield line, [cells.get(header, "") for header in headers]

    return rows


def _flat(found: object, before: str = "", depth: int = 0) -> dict[str, str]:
    """Header -> cell of one object."""
    if not isinstance(found, dict):
        return {before or "value": _cell(found)}
    cells: dict[str, str] = {}
    for key, part in found.items():
        name = before if key in _WRAPS and not before else f"{before}.{key}" if before else key
        if isinstance(part, dict) and depth < _DEPTH:
            cells |= _flat(part, name, depth + 1)
        else:
            cells[name or key] = _cell(part)
    return cells


def _cell(found: object) -> str:
    """The text of one value, or of several."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, str):
        return found
    if isinstance(found, list):
        if any(isinstance(part, dict) and _WAYS.intersection(part) for part in found):
            return json.dumps(found, ensure_ascii=False)  # people, of whom more than the name counts
        return BETWEEN.join(filter(None, map(_cell, found)))
    assert isinstance(found, dict)
    main = next((found[key] for key in _MAIN if isinstance(found.get(key), str) and found[key]), None)
    return main if main is not None else json.dumps(found, ensure_ascii=False)
