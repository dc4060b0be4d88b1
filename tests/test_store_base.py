"""Bases and their indexes: whatever is inserted, changed and deleted, the one written is the one read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB

from huntertui.errors import Damaged
from huntertui.store import Doc, Op
from huntertui.store.base import Base, Index, build_index, read_index
from huntertui.store.compose import compose
from huntertui.store.encoded import Encoded, Run
from huntertui.store.record import dumps
from huntertui.store.snapshot import Snapshot
from huntertui.store.values import select

TABLE, EVENTS = "opportunities", "events"

Tables = dict[str, dict[int, Doc]]


def told(index: Index) -> dict[str, Any]:
    """An index as plain values."""
    return {"size": index.size, "crc": index.crc} | {
        name: [
            list(table.ids),
            list(table.starts),
            table.end,
            None if table.links is None else list(table.links),
        ]
        for name, table in index.tables.items()
    }


def composed(
    folder: Path,
    seq: int,
    base: Base,
    changed: dict[str, dict[int, Doc | None]],
    runs: Iterable[tuple[str, Run]] = (),
) -> Base:
    """Write the next base, see that its index says everywhere the same, and open it."""
    path = folder / f"base-{seq}.json"
    index = compose(path, base, changed, {"schema": 2, "store": "x", "seq": seq, "next": {}}, runs=runs)
    found = Base.open(path)
    size = path.stat().st_size
    built = build_index(found.fd, size, path)
    kept = read_index(path.with_suffix(".idx"), size)
    assert kept
    assert told(index) == told(built) == told(kept) == told(found.index)
    return found


def shown(base: Base) -> Tables:
    """All documents, each looked up by its id too."""
    found = {name: dict(base.items(name)) for name in base.index.tables}
    for name, docs in found.items():
        assert list(docs) == sorted(docs)
        assert {id: base.get(name, id) for id in docs} == docs
    return found


def as_tinydb(path: Path | None) -> Tables:
    with closing(TinyDB(path, access_mode="r")) as db:
        return {
            name: {doc.doc_id: dict(doc) for doc in db.table(name)} for name in db.tables() if name != "_meta"
        }


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)
docs = st.dictionaries(st.sampled_from(["a", '"', "\n", "},", "1"]), values, max_size=3)
links = st.sampled_from([None, 1, 2, 3, True, "1", 2**32 - 1, 2**32, -1, 0])
large = st.integers(1, 9) | st.sampled_from([2**32 - 1, 2**32])
events = st.builds(lambda doc, link: doc if link is None else doc | {"opportunity": link}, docs, links)
steps = st.lists(
    st.fixed_dictionaries(
        {
            TABLE: st.dictionaries(st.integers(1, 9), st.none() | docs, max_size=6),
            EVENTS: st.dictionaries(
                st.integers(1, 9) | st.sampled_from([2**32 - 1, 2**32]), st.none() | events, max_size=6
            ),
            'o"d\\d:{': st.dictionaries(st.integers(1, 3), st.none() | docs, max_size=1),
        }
    ),
    min_size=1,
    max_size=5,
)


@given(steps=steps)
def test_any_changes(steps: list[dict[str, dict[int, Doc | None]]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        base, expected = Base(None), Tables()
        for seq, changed in enumerate(steps):
            for name, written in changed.items():
                there = expected.setdefault(name, {})
                for id, doc in written.items():
                    if doc is None:
                        there.pop(id, None)
                    else:
                        there[id] = doc
            overflows = any(id >= 2**32 and points(doc) for id, doc in expected.get(EVENTS, {}).items())
            kept = {name: docs for name, docs in expected.items() if docs}
            known = base.index.tables.get(EVENTS)
            if known and known.links is None and not overflows:
                base = Base(None)  # what one link that does not fit cost comes back only with the next start
                changed = {name: dict(docs) for name, docs in kept.items()}
            base = composed(Path(place), seq, base, changed)
            assert shown(base) == as_tinydb(base.path) == kept
            for value in (1, 2, 3, 2**32 - 1):
                found = base.linked(EVENTS, value)
                assert (found is None) == (overflows and EVENTS in kept)
                if found is not None:
                    events = sorted(kept.get(EVENTS, {}).items())
                    assert found == [row for row in events if points(row[1]) == value]
            assert EVENTS not in kept or base.linked(EVENTS, 0) is base.linked(EVENTS, 2**32) is None
        for name, there in kept.items():
            rows = sorted(there.items())
            assert list(base.backwards(name)) == rows[::-1]
            texts = {one for doc in there.values() for one in doc.items() if isinstance(one[1], str)}
            for field, text in sorted(texts)[:2]:  # a text that is asked for spares the other lines
                for more in ([], [("opportunity", "=", 1)]):
                    where = [(field, "=", text), *more]
                    spared = select(Snapshot(base).items(name, where), where, (), None)
                    assert spared == select(rows, where, (), None)


@given(
    old=st.lists(events, max_size=5),
    new=st.lists(events, max_size=8),
    start=st.sampled_from([10, 2**32 - 3]),
    cut=st.integers(0, 8),
    single=st.none() | docs,
)
def test_encoded_ones_are_written_like_others(
    old: list[Doc], new: list[Doc], start: int, cut: int, single: Doc | None
) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr("huntertui.store.compose._MANY", 3)
        base = composed(Path(place), 1, Base(None), {EVENTS: dict(enumerate(old, 1))})
        rows: dict[int, Doc | None] = dict(enumerate(new, start))
        changed: dict[int, Doc | None] = {start + cut: single, 2: single, start + 20: single}
        texts = [Encoded(dumps(doc).encode()) for doc in new]
        whole = Run(range(start, start + len(new)), texts, start) if new else None
        runs = [(EVENTS, run) for run in whole.without([start + cut])] if whole else []
        one = composed(Path(place), 2, base, {EVENTS: rows | changed})
        other = composed(Path(place), 3, base, {EVENTS: changed}, runs)
        assert lines(one.path)[1:] == lines(other.path)[1:]
        assert told(one.index) | {"crc": 0} == told(other.index) | {"crc": 0}


def points(doc: Doc) -> int | None:
    """The id that an event points to."""
    link = doc.get("opportunity")
    return link if type(link) is int and 0 < link < 2**32 else None


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """Two tables; the second document has no equal in length."""
    docs = {n: {"n": n, "text": "x" * n} for n in range(1, 200)}
    events = {n: {"opportunity": n % 7 + 1} for n in range(1, 50)}
    return composed(tmp_path, 5, Base(None), {TABLE: dict(docs), EVENTS: dict(events)})


def lines(path: Path | None) -> list[bytes]:
    assert path
    return path.read_bytes().splitlines(keepends=True)


def test_what_did_not_change_is_copied_byte_for_byte(
    tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert base.path
    base.path.write_bytes(odd := base.path.read_bytes().replace(b'{"n":', b'{ "n":'))
    base.path.with_suffix(".idx").unlink()
    encoded: list[object] = []

    def watched(value: object) -> str:
        encoded.append(value)
        return dumps(value)

    monkeypatch.setattr("huntertui.store.compose.dumps", watched)
    after = composed(tmp_path, 6, Base.open(base.path), {TABLE: {50: {"n": "new"}, 60: None, 200: {}}})
    assert [value for value in encoded if value in ({"n": "new"}, {})] == [{"n": "new"}, {}]
    assert len(encoded) == 5  # the head, two names of tables, and those two
    expected = [line for line in odd.splitlines(keepends=True)[1:] if not line.startswith(b'"60":{ ')]
    expected[expected.index(next(line for line in expected if line.startswith(b'"50":{ ')))] = (
        b'"50":{"n":"new"},\n'
    )
    last = next(n for n, line in enumerate(expected) if line.startswith(b'"199"'))
    expected[last : last + 1] = [expected[last].replace(b"}},", b"},"), b'"200":{}},\n']
    assert lines(after.path)[1:] == expected


@pytest.mark.parametrize("harm", ["missing", "empty", "cut", "garbled", "another's", "a folder"])
def test_an_index_that_is_no_use_is_made_anew(base: Base, harm: str) -> None:
    assert base.path
    expected, index = shown(base), base.path.with_suffix(".idx")
    data = index.read_bytes()
    index.unlink()  # who has mapped it must keep it
    if harm == "another's":
        index.write_bytes(data.replace(b'"size":', b'"size":1'))
    elif harm == "a folder":
        index.mkdir()
    elif harm != "missing":
        index.write_bytes({"empty": b"", "cut": data[:-8], "garbled": b"x" + data[1:]}[harm])
    again = Base.open(base.path)
    assert shown(again) == expected
    assert told(again.index) == told(base.index)


def test_an_index_that_lies_is_told(base: Base) -> None:
    assert base.path
    index = base.path.with_suffix(".idx")
    data = bytearray(index.read_bytes())
    at = data.index(b"\n") + 1
    assert int.from_bytes(data[at : at + 8], "little") == 1
    data[at] = 0
    index.unlink()
    index.write_bytes(data)
    with pytest.raises(Damaged, match=r"base-5\.json: its index takes opportunities #1 for #0"):
        Base.open(base.path).get(TABLE, 0)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.999])
def test_a_base_cut_short_is_damaged_with_and_without_its_index(base: Base, share: float) -> None:
    assert base.path
    os.truncate(base.path, int(base.path.stat().st_size * share))
    for _ in range(2):
        with pytest.raises(Damaged, match="huntertui store repair"):
            Base.open(base.path)
        base.path.with_suffix(".idx").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("find", "put"),
    [
        (b'\n"2":{', b'\n"1":{'),
        (b'\n"2":{', b'\n"0":{'),
        (b'\n"2":{', b"\n2:{"),
        (b'\n"2":{', b'\n\n"2":{'),
        (b'"events":{\n', b"\n"),
    ],
)
def test_lines_that_are_none_of_a_base(base: Base, find: bytes, put: bytes) -> None:
    assert base.path
    base.path.write_bytes(base.path.read_bytes().replace(find, put, 1))
    base.path.with_suffix(".idx").unlink()
    with pytest.raises(Damaged, match="huntertui store repair"):
        Base.open(base.path)


def test_a_base_goes_on_being_read_when_it_is_removed(base: Base) -> None:
    assert base.path
    expected = shown(base)
    base.path.unlink()
    base.path.with_suffix(".idx").unlink()
    assert shown(base) == expected


STEPS = st.lists(st.tuples(st.sampled_from("iudf"), st.integers(1, 4), links, links), max_size=12)


@given(STEPS)
def test_what_has_changed_since_is_found_by_its_link_too(
    steps: list[tuple[str, int, object, object]],
) -> None:
    """Also between the changes, from when on the links are kept up."""
    snapshot = Snapshot(Base(None))
    now: dict[int, Doc] = {}
    for kind, id, link, other in steps:
        new, old = {"opportunity": link}, now.get(id, {})
        if kind == "f":
            assert_found(snapshot, now, other)
        elif kind == "i" and id not in now:
            snapshot.take(Op("i", EVENTS, id, new, {}))
            now[id] = new
        elif kind == "u" and id in now:
            snapshot.take(Op("u", EVENTS, id, new, old))
            now[id] = new
        elif kind == "d" and id in now:
            snapshot.take(Op("d", EVENTS, id, {}, now.pop(id)))
    for link in (1, 2, 3):
        assert_found(snapshot, now, link)


def assert_found(snapshot: Snapshot, now: dict[int, Doc], link: object) -> None:
    where = [("opportunity", "=", link)]
    assert select(snapshot.items(EVENTS, where), where, (), None) == select(now.items(), where, (), None)
