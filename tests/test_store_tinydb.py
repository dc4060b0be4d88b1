"""TinyDB on a store: what its documentation promises, and what it does not, beside colleagues."""

from __future__ import annotations

import json
import os
import pwd
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from tinydb import Query, TinyDB, where
from tinydb.middlewares import CachingMiddleware
from tinydb.operations import add, decrement, delete, increment, subtract
from tinydb.operations import set as put
from tinydb.table import Document

from huntertui.errors import BadValue, Conflict
from huntertui.store import Store, open_store
from huntertui.store.tinydb import HunterDB, HunterStorage

Open = Callable[..., TinyDB]


def stock(path: Path, **options: Any) -> TinyDB:
    """TinyDB's own tables, on our storage."""
    return TinyDB(path, storage=HunterStorage, **options)


KINDS: list[Open] = [HunterDB, stock]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.json"


@pytest.fixture(params=KINDS, ids=["HunterDB", "HunterStorage"])
def db(request: pytest.FixtureRequest, path: Path) -> Iterator[TinyDB]:
    with request.param(path, by="ana") as db:
        db.insert_multiple({"n": n, "name": name} for n, name in enumerate("abc", 1))
        yield db


@pytest.fixture
def hunter(path: Path) -> Iterator[HunterDB]:
    with HunterDB(path, by="ana") as db:
        db.insert_multiple({"n": n, "name": name} for n, name in enumerate("abc", 1))
        yield db


@pytest.fixture
def ben(path: Path) -> Iterator[Store]:
    """A colleague; the store must have begun."""
    with open_store(path, "ben", clock=lambda: datetime.now(UTC)) as store:
        yield store


def by_ids(db: TinyDB) -> dict[int, dict[str, Any]]:
    return {doc.doc_id: dict(doc) for doc in db}


# what TinyDB's documentation promises


def test_inserting(db: TinyDB) -> None:
    assert db.insert({"n": 4}) == 4
    assert db.insert(MappingProxyType({"n": 5})) == 5
    assert db.insert(Document({"n": 12}, doc_id=12)) == 12
    assert db.insert_multiple([{"n": 13}, {"n": 14}]) == [13, 14]
    assert db.insert_multiple([Document({"n": 77}, doc_id=77)]) == [77]
    assert len(db) == 9
    assert db.get(doc_id=5) == {"n": 5}


@pytest.mark.parametrize("document", [[1], {"bark"}, "text", None, 5])
def test_what_is_no_mapping_is_no_document(db: TinyDB, document: Any) -> None:
    with pytest.raises(ValueError, match="not a Mapping"):
        db.insert(document)
    with pytest.raises(ValueError, match="not a Mapping"):
        db.insert_multiple([{"n": 4}, document])
    assert len(db) == 3


def test_an_id_that_is_taken(db: TinyDB) -> None:
    with pytest.raises(ValueError, match="already exists"):
        db.insert(Document({}, doc_id=1))
    with pytest.raises(ValueError, match="already exists"):
        db.insert_multiple([{"n": 4}, Document({}, doc_id=2)])
    assert len(db) == 3


def test_getting(db: TinyDB) -> None:
    found = db.get(where("name") == "b")
    assert isinstance(found, Document)
    assert (found.doc_id, found["n"]) == (2, 2)
    assert db.get(doc_id=2) == found
    assert db.get(doc_ids=[3, 1, 99]) == [{"n": 1, "name": "a"}, {"n": 3, "name": "c"}]
    assert db.get(where("name") == "x") is None
    for none in (99, 0, -1, float("nan"), float("inf"), "x"):
        assert db.get(doc_id=none) is None
        assert not db.contains(doc_id=none)
    with pytest.raises(RuntimeError):
        db.get()
    with pytest.raises(RuntimeError):
        db.contains()


def test_searching_and_counting(db: TinyDB) -> None:
    query = Query()
    assert [doc.doc_id for doc in db.search((query.n > 1) & (query.name != "c"))] == [2]
    assert db.count(query.n >= 2) == 2
    assert db.contains(query.name.matches("[ab]"))
    assert not db.contains(query.missing.exists())
    assert [doc.doc_id for doc in db.search(lambda doc: doc["n"] == 3)] == [3]


def test_iterating(db: TinyDB) -> None:
    assert [(doc.doc_id, doc) for doc in db] == [(doc.doc_id, doc) for doc in db.all()]
    assert [doc.doc_id for doc in db] == [1, 2, 3]
    assert len(db) == len(db.table("_default")) == 3
    assert len(db.table("other")) == 0


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        (delete("n"), {"name": "a"}),
        (increment("n"), {"n": 2, "name": "a"}),
        (decrement("n"), {"n": 0, "name": "a"}),
        (add("n", 5), {"n": 6, "name": "a"}),
        (subtract("n", 5), {"n": -4, "name": "a"}),
        (put("name", {"first": ["x"]}), {"n": 1, "name": {"first": ["x"]}}),
        ({"n": 1, "new": None}, {"n": 1, "name": "a", "new": None}),
        (lambda doc: doc.clear(), {}),
    ],
)
def test_updating(db: TinyDB, path: Path, operation: Any, after: dict[str, Any]) -> None:
    assert db.update(operation, where("name") == "a") == [1]
    assert by_ids(db) == {1: after, 2: {"n": 2, "name": "b"}, 3: {"n": 3, "name": "c"}}
    with HunterDB(path) as other:
        assert by_ids(other) == by_ids(db)


def test_updating_many(db: TinyDB) -> None:
    assert db.update({"all": True}) == [1, 2, 3]
    assert db.update({"n": 0}, doc_ids=[1, 99, 3]) == [1, 3]
    assert db.update({"n": 0}, doc_ids=[99]) == []
    assert db.update_multiple([({"n": 7}, where("name") == "a"), (increment("n"), where("name") == "b")]) == [
        1,
        2,
    ]
    assert [doc["n"] for doc in db] == [7, 3, 0]


def test_upserting(db: TinyDB) -> None:
    assert db.upsert({"n": 9}, where("n") < 3) == [1, 2]
    assert db.upsert({"n": 4, "name": "d"}, where("name") == "d") == [4]
    assert db.upsert(Document({"n": 5}, doc_id=1)) == [1]
    assert db.upsert(Document({"n": 6}, doc_id=8)) == [8]
    assert [(doc.doc_id, doc["n"]) for doc in db] == [(1, 5), (2, 9), (3, 3), (4, 4), (8, 6)]
    with pytest.raises(ValueError, match="doc_id"):
        db.upsert({"n": 1})


def test_removing(db: TinyDB) -> None:
    assert db.remove(where("n") == 2) == [2]
    assert db.remove(doc_ids=[1, 99]) == [1]
    assert by_ids(db) == {3: {"n": 3, "name": "c"}}
    with pytest.raises(RuntimeError):
        db.remove()


def test_tables(db: TinyDB) -> None:
    db.table("one").insert({"n": 1})
    db.table("two").insert({"n": 2})
    assert db.tables() == {"_default", "one", "two"}
    db.drop_table("one")
    db.drop_table("nowhere")
    assert db.tables() == {"_default", "two"}
    db.truncate()
    assert len(db) == 0
    db.table("kept", persist_empty=True)
    assert "kept" in db.tables()
    db.drop_tables()
    assert not db.tables()
    assert len(db.table("two")) == 0


def test_persist_empty_empties_nothing(path: Path) -> None:
    with HunterDB(path) as db:
        db.table("kept").insert({"n": 1})
    with HunterDB(path) as db:
        assert len(db.table("kept", persist_empty=True)) == 1


@pytest.mark.parametrize("name", ["", "Über ☃", "2026", 'a"b\n', "_journal", "__"])
def test_a_table_may_have_any_name(db: TinyDB, path: Path, name: str) -> None:
    db.table(name).insert({"n": 1})
    db.table(name).update(increment("n"))
    db.close()
    for index in path.with_name("store.json.d").glob("*.idx"):
        index.unlink()
    with HunterDB(path) as other:
        assert other.tables() == {"_default", name}
        assert other.table(name).all() == [{"n": 2}]


# what is ours


def test_no_id_is_given_twice(db: TinyDB, path: Path) -> None:
    db.remove(doc_ids=[3])
    again = type(db)(path, **({} if isinstance(db, HunterDB) else {"storage": HunterStorage}))
    assert again.insert({}) == 4
    again.truncate()
    assert again.insert({}) == 5
    again.drop_table("_default")
    assert again.insert({}) == 6
    again.drop_tables()
    assert again.insert_multiple([{}, {}]) == [7, 8]
    again.close()


@pytest.mark.parametrize(
    "bad",
    [
        {"n": float("nan")},
        {"n": object()},
        {"n": 2**63},
        {"n": "\ud800"},
        {"n": "\0"},
        {1: "key"},
        {"n": {1, 2}},
        {"n": datetime(2026, 11, 23, tzinfo=UTC)},
    ],
)
def test_what_cannot_be_stored_is_refused_before_anything_is_written(
    db: TinyDB, path: Path, bad: dict[Any, Any]
) -> None:
    before = (path.with_name("store.json.d") / "journal-1.jsonl").read_bytes()
    attempts: list[Callable[[], object]] = [
        lambda: db.insert(bad),
        lambda: db.insert_multiple([{"n": 4}, bad]),
        lambda: db.update(bad, doc_ids=[1, 2]),
        lambda: db.table("_meta").insert({}),
        lambda: db.insert(Document({}, doc_id=-1)),
    ]
    for attempt in attempts:
        with pytest.raises(BadValue) as caught:
            attempt()
        assert isinstance(caught.value, TypeError)
    assert (path.with_name("store.json.d") / "journal-1.jsonl").read_bytes() == before
    assert len(db) == 3
    db.insert({"n": 4})


@pytest.mark.parametrize("data", [{"t": 1}, {"t": {"x": {}}}, {"t": {"1": 5}}, {"t": {"1": {}, 1: {}}}])
def test_what_are_no_tables_is_refused(path: Path, data: Any) -> None:
    storage = HunterStorage(path)
    with pytest.raises(BadValue):
        storage.write(data)
    assert storage.read() == {}
    storage.close()


def test_a_mix_of_documents_with_and_without_ids(hunter: HunterDB) -> None:
    assert hunter.insert_multiple([{"n": 5}, Document({"n": 4}, doc_id=4), {"n": 6}]) == [5, 4, 6]
    assert [(doc.doc_id, doc["n"]) for doc in hunter] == [(n, n) for n in range(1, 7)]


def test_ids_as_text(hunter: HunterDB) -> None:
    assert hunter.get(doc_id="1") == {"n": 1, "name": "a"}
    assert hunter.update({"n": 9}, doc_ids=["1", "x", "01"]) == [1]
    assert hunter.remove(doc_ids=["1", 2.0, float("nan")]) == [1, 2]
    assert by_ids(hunter) == {3: {"n": 3, "name": "c"}}


def test_what_was_found_is_the_finders_own(hunter: HunterDB) -> None:
    hunter.update({"tags": ["x"]})
    hunter.search(where("n") == 1)[0]["tags"].append("y")
    hunter.get(doc_id=1)["tags"].append("z")
    assert hunter.search(where("n") == 1) == [{"n": 1, "name": "a", "tags": ["x"]}]


def test_a_failing_update_changes_nothing(db: TinyDB) -> None:
    def fail_at_two(doc: Any) -> None:
        doc["n"] = 0 if doc["n"] != 2 else 1 / 0

    with pytest.raises(ZeroDivisionError):
        db.update(fail_at_two)
    assert [doc["n"] for doc in db] == [1, 2, 3]


def test_records_name_who_did_it(db: TinyDB, ben: Store) -> None:
    record = ben.record(ben.seq)
    assert record
    assert (record.by, record.label) == ("ana", "changed by a TinyDB script")
    assert [(op.kind, op.table, op.id) for op in record.ops] == [("i", "_default", id) for id in (1, 2, 3)]


def test_without_a_name_it_is_the_account(path: Path) -> None:
    storage = HunterStorage(path)
    assert storage.by == pwd.getpwuid(os.getuid()).pw_name
    storage.close()


def test_closing_publishes_for_stock_tinydb(db: TinyDB, path: Path) -> None:
    db.update({"name": "ä"}, doc_ids=[2])
    db.close()
    with TinyDB(path, access_mode="r") as plain:
        assert by_ids(plain)[2] == {"n": 2, "name": "ä"}


def test_an_edit_with_stock_tinydb_arrives(hunter: HunterDB, path: Path) -> None:
    hunter.close()
    with TinyDB(path) as plain:
        plain.insert({"n": 4})
    with HunterDB(path) as again:
        assert [doc["n"] for doc in again] == [1, 2, 3, 4]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_stock_tinydb_becomes_a_store(path: Path, kind: Open) -> None:
    with TinyDB(path) as plain:
        plain.insert_multiple([{"n": 1}, {"n": 2}])
    with kind(path) as db:
        assert db.insert({"n": 3}) == 3
        assert [doc["n"] for doc in db] == [1, 2, 3]


def test_opening_it(path: Path) -> None:
    for nowhere, mode in ((path, "r"), (path.parent / "no" / "store.json", "r+")):
        with pytest.raises(FileNotFoundError):
            stock(nowhere, access_mode=mode)
    for wrong in ({"access_mode": "w"}, {"default": str}, {"bye": "ana"}):
        with pytest.raises(TypeError, match="no such option"):
            stock(path, **wrong)
    with stock(path.parent / "new" / "store.json", create_dirs=True, indent=4, encoding="utf-8") as db:
        db.insert({})
    with stock(path.parent / "new" / "store.json", access_mode="r") as db:
        assert len(db) == 1
        with pytest.raises(OSError, match="reading"):
            db.insert({})


def test_behind_a_middleware(path: Path) -> None:
    middleware: Any = CachingMiddleware
    with TinyDB(path, storage=middleware(HunterStorage)) as db:
        ids = [db.insert({"n": n}) for n in range(5)]
        db.update(increment("n"), doc_ids=ids[:2])
        db.remove(doc_ids=ids[-1:])
    with HunterDB(path) as again:
        assert by_ids(again) == {1: {"n": 1}, 2: {"n": 2}, 3: {"n": 2}, 4: {"n": 3}}


# beside colleagues


def test_a_search_sees_what_a_colleague_did(hunter: HunterDB, ben: Store) -> None:
    query = where("n") == 1
    assert hunter.count(query) == 1
    ben.transact(lambda tx: tx.update("_default", 2, {"n": 1}), "ben")
    assert hunter.count(query) == 2
    ben.transact(lambda tx: tx.delete("_default", 1), "ben")
    assert [doc.doc_id for doc in hunter.search(query)] == [2]


def test_an_insert_beside_a_colleagues(hunter: HunterDB, ben: Store) -> None:
    ben.transact(lambda tx: tx.insert("_default", {"by": "ben"}), "ben")
    assert hunter.insert({}) == 5
    assert hunter.insert_multiple([{}, {}]) == [6, 7]
    assert hunter.get(doc_id=4) == {"by": "ben"}


class TestStorageAlone:
    """Between reading and writing, a colleague may have been there: nothing of his is lost."""

    @pytest.fixture
    def storage(self, path: Path) -> Iterator[HunterStorage]:
        storage = HunterStorage(path, by="ana")
        storage.write({"t": {"1": {"a": 1, "b": 1}, "2": {"a": 2}}})
        yield storage
        storage.close()

    def test_other_fields_and_documents_stay(self, storage: HunterStorage, ben: Store) -> None:
        data = storage.read()
        ben.transact(lambda tx: tx.update("t", 1, {"b": 5}), "ben")
        ben.transact(lambda tx: tx.update("t", 2, {"a": 5}), "ben")
        ben.transact(lambda tx: tx.insert("t", {"a": 3}), "ben")
        data["t"]["1"]["a"] = 7
        storage.write(data)
        assert storage.read() == {"t": {"1": {"a": 7, "b": 5}, "2": {"a": 5}, "3": {"a": 3}}}

    @pytest.mark.parametrize(
        ("theirs", "ours"),
        [
            (lambda tx: tx.update("t", 1, {"a": 5}), lambda t: t["1"].update(a=7)),
            (lambda tx: tx.update("t", 1, {"a": 5}), lambda t: t["1"].pop("a")),
            (lambda tx: tx.update("t", 1, {"new": 5}), lambda t: t["1"].update(new=7)),
            (lambda tx: tx.update("t", 1, {"new": 5}), lambda t: t.pop("1")),
            (lambda tx: tx.delete("t", 1), lambda t: t["1"].update(a=7)),
            (lambda tx: tx.insert("t", {"a": 5}), lambda t: t.update({"3": {"a": 7}})),
        ],
    )
    def test_the_same_is_a_conflict(self, storage: HunterStorage, ben: Store, theirs: Any, ours: Any) -> None:
        data = storage.read()
        ben.transact(theirs, "ben")
        now = ben.find("t")
        ours(data["t"])
        data["t"]["2"]["a"] = 8
        with pytest.raises(Conflict):
            storage.write(data)
        ben.refresh()
        assert ben.find("t") == now
        again = storage.read()
        again["t"]["2"]["a"] = 8
        storage.write(again)

    def test_deleted_by_both(self, storage: HunterStorage, ben: Store) -> None:
        data = storage.read()
        ben.transact(lambda tx: tx.delete("t", 1), "ben")
        del data["t"]["1"]
        storage.write(data)
        assert storage.read() == {"t": {"2": {"a": 2}}}

    def test_an_id_that_tinydb_took_for_free(self, path: Path, ben: Store) -> None:
        with stock(path) as db:
            table = db.table("t")
            table.insert({"a": 1})
            ben.transact(lambda tx: [tx.insert("t", {"by": "ben"}) for _ in range(2)], "ben")
            with pytest.raises(ValueError, match="already exists"):
                table.insert({"a": 2})  # as id 2
            with pytest.raises(Conflict):
                table.insert_multiple([{"a": 3}])  # as id 3
            assert table.update({"seen": True}, doc_ids=[2, 3]) == [2, 3]
            assert table.insert_multiple([{"a": 4}]) == [4]
            assert [dict(doc) for doc in table] == [
                {"a": 1},
                *[{"by": "ben", "seen": True}] * 2,
                {"a": 4},
            ]


HAMMER = """
import sys
from tinydb import TinyDB
from tinydb.operations import increment
from huntertui.errors import Conflict
from huntertui.store.tinydb import HunterDB, HunterStorage

path, name, kind = sys.argv[1:]
db = HunterDB(path) if kind == "HunterDB" else TinyDB(path, storage=HunterStorage)
done, inserted, multiple = 0, [], []
while done < 40 or len(inserted) < 20 or len(multiple) < 20:
    try:
        done += len(db.update(increment("n"), doc_ids=[1]))
    except Conflict:
        assert kind != "HunterDB"
    for insert, ids in ((db.insert, inserted), (lambda doc: db.insert_multiple([doc])[0], multiple)):
        try:
            ids.append(insert({"by": f"{name}{len(inserted)}-{len(multiple)}"}))
        except (Conflict, ValueError):
            assert kind != "HunterDB"
db.close()
print(done, *inserted, *multiple)
"""


@pytest.mark.parametrize("kind", ["HunterDB", "HunterStorage"])
def test_two_processes_lose_nothing(path: Path, kind: str) -> None:
    with HunterDB(path) as db:
        db.insert({"n": 0})
    hammers = [
        subprocess.Popen(
            [sys.executable, "-c", HAMMER, str(path), name, kind], stdout=subprocess.PIPE, text=True
        )
        for name in "ab"
    ]
    said = [list(map(int, hammer.communicate(timeout=120)[0].split())) for hammer in hammers]
    assert [hammer.returncode for hammer in hammers] == [0, 0]
    with HunterDB(path) as db:
        docs: Mapping[int, dict[str, Any]] = by_ids(db)
    assert docs[1]["n"] == said[0][0] + said[1][0]
    ids = [id for each in said for id in each[1:]]
    assert sorted(ids) == sorted(docs.keys() - {1})
    for name, each in zip("ab", said, strict=True):
        assert all(docs[id]["by"].startswith(name) for id in each[1:])


def test_the_example_of_the_documentation_runs(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / "docs" / "tinydb.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for score in (2, 2):
        done = subprocess.run(
            [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stdout == f"0 [{{'company': 'Acme', 'score': {score}}}]\n"
    published = json.loads((tmp_path / "store.json").read_text())
    assert published["scores"] == {"1": {"company": "Acme", "score": 2}}
