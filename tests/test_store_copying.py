"""A store copied to another place: nothing of it is lost, whatever kind the two are."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commandline import inside
from store_kinds import NOW, TABLE, Backend, checkpoint_at, store_path, ticking

from huntertui.errors import Damaged
from huntertui.store import Record, Store, Tx, apply_inverse, open_store
from huntertui.store.copying import Place, check_empty, contents_of, fill, tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgres import Server

WAYS = [("tiny", "tiny"), ("tiny", "postgres"), ("postgres", "tiny"), ("postgres", "postgres")]
TABLES = (TABLE, "events", "plans", "Überraschung")


@pytest.fixture
def places(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """An empty place of each kind that is asked for."""

    def place(number: int, kind: str) -> str:
        if kind == "tiny":
            return str(store_path(tmp_path / str(number)))
        server: Server = request.getfixturevalue("postgres")
        return server.url(server.database())

    return [place(number, kind) for number, kind in enumerate(request.param)]


def busy(store: Store, chance: random.Random, changes: int) -> None:
    """Changes of all kinds, and some that are taken back."""
    ids: dict[str, list[int]] = {table: [id for id, _ in store.find(table)] for table in TABLES}

    def some(tx: Tx) -> None:
        for table in chance.sample(TABLES, 2):
            known = ids[table]
            what = chance.choice("iiuud") if known else "i"
            if what == "i":
                doc = {
                    "name": chance.choice("äöü€😀x"),
                    "n": chance.choice([1, 1.5, None, True]),
                    "m": {"b": [1], "a": {}},
                }
                known.append(tx.insert(table, doc))
            elif what == "u":
                tx.update(table, chance.choice(known), {"n": chance.random()}, unset=["name"])
            else:
                tx.delete(table, known.pop())  # the highest, whose number must not come again
        tx.label = f"change {chance.random()}"

    for _ in range(changes):
        store.transact(some, chance.choice(["ana", "ben"]))
    last = store.record(store.seq)
    assert last
    store.transact(lambda tx: apply_inverse(tx, last), "ana")


def copied(source: Store, url: str) -> Store:
    place = Place(url, "root", lambda: NOW)
    check_empty(place)
    fill(place, contents_of(source))
    return open_store(url, "ana", clock=lambda: NOW)


def same(one: Store, other: Store) -> None:
    for table in TABLES:
        assert one.find(table) == other.find(table)
        assert tally(one, table) == tally(other, table)


@pytest.mark.parametrize("places", WAYS, indirect=True, ids="-".join)
@pytest.mark.parametrize("seed", [1, 2])
def test_all_is_there_and_goes_on(places: list[str], seed: int) -> None:
    chance = random.Random(seed)
    source_url, target_url = places
    with Backend(source_url).open(clock=ticking()) as source:
        busy(source, chance, 30)
        if "://" not in source_url and seed == 2:
            checkpoint_at(Path(source_url))
            busy(source, chance, 10)
        with copied(source, target_url) as target:
            assert target.seq == source.seq
            same(source, target)
            since = contents_of(source).since
            assert since == 0 or seed == 2
            for seq in range(since + 1, source.seq + 1):
                assert target.record(seq) == source.record(seq)
            assert target.changes(since) == source.changes(since)
            last = source.record(source.seq)
            assert last
            for store in (source, target):
                store.transact(lambda tx: apply_inverse(tx, last), "ana")
                assert store.record(store.seq).undoes == last.seq  # type: ignore[union-attr]
                store.transact(lambda tx: [tx.insert(table, {}) for table in TABLES], "ana")
            same(source, target)


@pytest.mark.parametrize("places", [("tiny", "postgres", "tiny")], indirect=True, ids="-".join)
def test_there_and_back_also_after_a_bulk_change(places: list[str]) -> None:
    """Of a bulk change it is not told what it did, so the copy begins after it."""
    with Backend(places[0]).open(clock=ticking()) as first:
        gone = first.transact(lambda tx: [tx.insert(TABLES[3], {}) for _ in range(9)], "ana").result

        def delete(tx: Tx) -> None:
            for id in gone:
                tx.delete(TABLES[3], id)

        first.transact(delete, "ana")
        first.transact(lambda tx: [tx.insert(TABLE, {"name": f"n {i}"}) for i in range(10_001)], "ana")
        first.transact(lambda tx: tx.update(TABLE, 1, {"name": "Ann"}), "ben")
        with copied(first, places[1]) as second, copied(second, places[2]) as third:
            for store in (second, third):
                assert store.seq == first.seq
                same(first, store)
                assert store.record(first.seq) == first.record(first.seq)
            for store in (first, second, third):
                store.transact(lambda tx: tx.insert(TABLES[3], {}), "ana")
            same(first, second)
            same(first, third)


@pytest.mark.parametrize(
    "places", [("tiny", kind) for kind in ("tiny", "postgres")], indirect=True, ids="-".join
)
def test_a_plain_file_that_nobody_has_changed(places: list[str]) -> None:
    path = Path(places[0])
    path.parent.mkdir(parents=True, mode=0o700)
    path.write_text('{"opportunities": {"7": {"name": "Ann"}}}')
    with Backend(places[0]).open() as source, copied(source, places[1]) as target:
        assert target.find(TABLE) == [(7, {"name": "Ann"})]
        assert target.transact(lambda tx: tx.insert(TABLE, {}), "ana").result == 8


@pytest.mark.parametrize("places", WAYS[:3], indirect=True, ids="-".join)
def test_on_the_command_line(places: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    source, target = places
    assert inside("--store", source, "add", "Ann Lee @Acme") == 0
    assert inside("store", "copy", source, target, "-n") == 0
    assert "would be copied" in capsys.readouterr().out
    assert inside("store", "copy", source, target) == 0
    assert "opportunities: 1\n" in capsys.readouterr().out
    assert inside("--store", target, "list", "--plain") == 0
    assert "Acme" in capsys.readouterr().out
    for _ in range(2):
        assert inside("store", "copy", source, target) == 2, "there is one already"
        assert "already" in capsys.readouterr().err
    assert inside("--store", target, "undo") == 0


def test_what_cannot_be_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    none, target = tmp_path / "a" / "store.json", tmp_path / "b" / "store.json"
    assert inside("store", "copy", none, target) == 3
    assert inside("store", "copy", "memory:", target) == 2
    assert not target.parent.exists() or not any(target.parent.iterdir())


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    with Backend(str(store_path(tmp_path))).open() as source:
        source.transact(lambda tx: tx.insert(TABLE, {"name": "Ann"}), "ana")
        contents = contents_of(source)

        class Broken:
            since, count, next_ids = contents.since, contents.count + 1, contents.next_ids
            tables, items = contents.tables, contents.items

            def records(self) -> Iterator[Record]:
                yield from contents.records()
                raise Damaged("record 2 is missing")

        place = Place(str(tmp_path / "copy" / "store.json"), "root", lambda: NOW)
        with pytest.raises(Damaged):
            fill(place, Broken())
        assert not any((tmp_path / "copy").iterdir())
        check_empty(place)
