"""What must hold of a store whose process died at any moment of its life, or whose disk lost its power."""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from store_script import TABLE, Clock, Tables, outside, published, shown, states

from huntertui.errors import Resync
from huntertui.store import Store, open_store
from huntertui.store.checkpoint import checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Heard:
    """What was told before the end came.

    `wrote`: the last transaction that was acknowledged, `found`: the last that a new life began with; `edit`:
    the last edit begun, `edited`: complete, `took`: taken in by a checkpoint that returned. `powerless`: the
    power was cut, so all that was not synced may be gone, also what was found or edited.
    """

    powerless: bool
    wrote: int = 0
    found: int = 0
    edit: int = 0
    edited: int = 0
    took: int = 0
    lines: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        self.lines.append(line)
        word, number = line.split()
        assert word != "wrote" or int(number) > self.wrote
        setattr(self, word, int(number))

    def allowed(self) -> Iterator[tuple[int, int, Tables]]:
        """(transactions, edits, what the store holds) that may be: what was under way is in or is not."""
        last = max(self.wrote, self.found)
        for done in range(self.wrote if self.powerless else last, last + 2):
            for edits in range(self.took, self.edit + 1):
                tables = states()[0][done]
                if tables or not edits:
                    yield done, edits, outside(edits, tables) if tables else {}


def check(path: Path, heard: Heard) -> None:
    """Assert all that must hold of a store whose process died, and that life goes on."""
    clock = Clock()
    clock.days = 60
    with open_store(path, "cyd", clock=clock) as store:
        found = shown(store)
        match = [(done, edits) for done, edits, tables in heard.allowed() if tables == found]
        assert match, f"not a state that may be: {_difference(found, heard)}"
        assert not store.read_only
        done, edits = match[0]
        if done:
            _feed_has_no_gaps(store)
        id = store.transact(lambda tx: tx.insert(TABLE, {"company": "After"}), "cyd").result
        assert id >= states()[1][done], f"id {id} was given away before"
        _may_have(shown(store), done, edits, heard, id)
    assert checkpoint(path, "cyd", clock)
    with open_store(path, "dan", clock=clock) as store:
        found = shown(store)
        edits = _may_have(found, done, edits, heard, id)
        assert heard.powerless or edits >= heard.edited, f"{heard.edited} edits outside, only {edits} arrived"
    assert published(path) == found, "stock TinyDB finds something else"
    _tidy(path)


def _may_have(found: Tables, done: int, edits: int, heard: Heard, id: int) -> int:
    """The number of edits that are in, all else being as it must be."""
    for more in range(edits, heard.edit + 1):
        tables = outside(more, states()[0][done]) if done else {}
        tables = {**tables, TABLE: tables.get(TABLE, {}) | {id: {"company": "After"}}}
        if tables == found:
            return more
    raise AssertionError(f"after one more change: {_difference(found, heard)}")


def _feed_has_no_gaps(store: Store) -> None:
    since = store.seq
    with suppress(Resync):
        while since > 0 and (records := store.changes(since - 1)):
            assert [record.seq for record in records] == list(range(since, store.seq + 1))
            since -= 1


def _tidy(path: Path) -> None:
    """Whatever the umask, colleagues can go on; and nothing is left lying about."""
    folder = path.with_name(f"{path.name}.d")
    for place in [path.parent, path, folder, *folder.iterdir()]:
        mode = stat.S_IMODE(place.stat().st_mode)
        assert mode == (0o2770 if place.is_dir() else 0o660), f"{place.name} has mode {mode:o}"
        assert not place.name.endswith(".tmp"), f"{place.name} is left over"
    assert not list(path.parent.glob("store*.tmp/*"))
    assert not [place for place in path.parent.glob("*.tmp") if place.is_file()]


def _difference(found: Tables, heard: Heard) -> str:
    """In a line, what is there and should not be, for the state that must be the nearest."""

    def unlike(tables: Tables) -> list[tuple[str, int, Any, Any]]:
        keys = {(name, id) for t in (found, tables) for name, docs in t.items() for id in docs}
        pairs = ((n, i, found.get(n, {}).get(i), tables.get(n, {}).get(i)) for n, i in sorted(keys))
        return [pair for pair in pairs if pair[2] != pair[3]]

    done, edits, tables = min(heard.allowed(), key=lambda one: len(unlike(one[2])))
    some = "; ".join(f"{n} #{i} is {str(a)[:90]}, not {str(b)[:90]}" for n, i, a, b in unlike(tables)[:3])
    return f"{heard.lines[-3:]}, nearest to {done} transactions with {edits} edits: {some}"
