"""An import is one change of the store: whole, once, undoable, and it touches nothing that people did."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desks import Clock, desk_at

from huntertui.exchange import Imported, ImportFault, Reading, RowError, import_into, read
from huntertui.model.calendar import Calendar
from huntertui.model.codec import from_doc
from huntertui.model.pipeline import Policy
from huntertui.store import Store, Tx, apply_inverse, open_store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POLICY = Policy(calendar=Calendar(ZoneInfo("Europe/Berlin")))
HEADER = "ID,NAME,STAGENAME,CLOSEDATE,CREATEDDATE\n"
DEALS = (
    HEADER
    + "1,Globex,Prospecting,2026-12-24,2026-11-23T08:00:00Z\n"
    + "2,Globex,Negotiation/Review,2026-11-03,2026-06-15T20:47:07.000Z\n"
    + "3,Globex,Closed Won,2026-05-01,2026-01-15T20:47:07.000Z\n"
    + "4,Initech,Closed Lost,2026-05-01,2026-01-15T20:47:07.000Z\n"
    + "5,Initech,Prospecting,soon,\n"
)


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = "memory:" if request.param == "memory" else tmp_path / "team" / "store.json"
    with open_store(url, "ana", clock=lambda: NOW) as store:
        yield store


def reading(tmp_path: Path, text: str, name: str = "deals.csv") -> Reading:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (found,) = read(path, POLICY, "ana", NOW)
    return found


def test_one_transaction_brings_all(store: Store, tmp_path: Path) -> None:
    done = import_into(store, reading(tmp_path, DEALS), "ana", NOW)
    error = RowError(6, "CLOSEDATE", "soon", "is no date: write 2026-11-23 or 2026-11-23T14:30+01:00")
    assert done == Imported(
        rows=5,
        added=4,
        merged=0,
        rejected=1,
        left_out=0,
        updated=0,
        skipped=0,
        attached=0,
        blocked=0,
        triage=1,
        open=2,
        won=1,
        lost=1,
        import_id=1,
        errors=(("deals.csv", (error,)),),
        owners=frozenset({"ana"}),
    )
    assert store.seq == 1
    record = store.record(1)
    assert record is not None
    assert (record.label, record.by) == ("imported 4 from deals.csv", "ana")
    found = [from_doc(id, doc) for id, doc in store.find("opportunities")]
    assert [(o.name, o.stage, o.triage, o.import_id) for o in found] == [
        ("Globex", "new", False, 1),
        ("Globex", "negotiation", True, 1),
        ("Globex", "won", False, 1),
        ("Initech", "lost", False, 1),
    ]
    assert found[2].closed_on == date(2026, 5, 1)
    assert store.get("imports", 1) == {
        "file": "deals.csv",
        "kind": "Salesforce opportunities",
        "at": "2026-11-23T09:00:00Z",
        "by": "ana",
        "headers": HEADER.strip().split(","),
        "rows": 5,
        "added": 4,
        "merged": 0,
        "rejected": 1,
        "left_out": 0,
        "updated": 0,
        "skipped": 0,
        "attached": 0,
        "blocked": 0,
        "triage": 1,
        "open": 2,
        "won": 1,
        "lost": 1,
    }


def test_again_changes_nothing_that_people_did(store: Store, tmp_path: Path) -> None:
    import_into(store, reading(tmp_path, DEALS), "ana", NOW)

    def work(tx: Tx) -> None:
        tx.update("opportunities", 1, {"name": "Globex, gears", "stage": "contacted"})
        tx.delete("opportunities", 4)

    store.transact(work, "ben")
    again = import_into(store, reading(tmp_path, DEALS.replace("2026-12-24", "2027-01-24")), "ana", NOW)
    assert (again.added, again.skipped, again.import_id) == (1, 3, 2)  # what was deleted comes back
    doc = store.get("opportunities", 1)
    assert doc is not None
    assert (doc["name"], doc["stage"], doc["expected_close"]) == ("Globex, gears", "contacted", "2026-12-24")
    seq = store.seq
    third = import_into(store, reading(tmp_path, DEALS), "ana", NOW)
    assert (third.added, third.skipped, third.import_id, store.seq) == (0, 4, None, seq)


@pytest.mark.parametrize(
    ("text", "added"),
    [
        # People of one company and name are one, unless their own program tells them apart.
        ("first_name,last_name,company\nAnn,Smith,Acme\nBob,Smith,Acme\nAnn,Smith,Acme\n", 2),
        ("id,first_name,last_name,company\n1,Ann,Smith,Acme\n2,Ann,Smith,Acme\n3,Ann,Smith,Acme\n", 3),
        # Deals of one file are told apart by all that they say.
        ("name,value\nGlobex,1\nGlobex,1\nGlobex,2\n", 2),
        ("id,name,value\n1,Globex,1\n1,Globex,1\n2,Globex,1\n", 2),
    ],
)
def test_what_comes_twice_is_merged(store: Store, tmp_path: Path, text: str, added: int) -> None:
    done = import_into(store, reading(tmp_path, text), "ana", NOW)
    assert (done.rows, done.added, done.merged) == (3, added, 3 - added)
    again = import_into(store, reading(tmp_path, text, "copy.csv"), "ben", NOW)
    assert (again.added, again.merged, again.updated, again.import_id) == (0, 3, 0, None)
    assert len(store.find("opportunities")) == added


def test_a_merged_duplicate_is_known_by_the_ids_of_both(tmp_path: Path) -> None:
    desk = desk_at("memory:", Clock())
    store, people = desk.store, "id,first_name,last_name,email\n"
    file, other = people + "1,Ann,Lee,ann@acme.example\n", people + "2,Annie,Lee,ann@home.example\n"
    for text in (file, other):
        import_into(store, reading(tmp_path, text), "ana", NOW)
    desk.follow()
    desk.merge_into(2, "#1")
    store.transact(lambda tx: tx.delete("opportunities", 2), "ana")
    for text in (file, other):
        again = import_into(store, reading(tmp_path, text), "ana", NOW)
        assert (again.added, again.skipped) == (0, 1)


def test_undo_takes_back_all_of_it(store: Store, tmp_path: Path) -> None:
    import_into(store, reading(tmp_path, DEALS), "ana", NOW)
    record = store.record(store.seq)
    assert record is not None
    store.transact(lambda tx: apply_inverse(tx, record), "ana")
    assert store.find("opportunities") == store.find("imports") == []
    assert import_into(store, reading(tmp_path, DEALS), "ana", NOW).added == 4


def test_a_dry_run_counts_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    found = reading(tmp_path, DEALS)
    dry = import_into(store, found, "ana", NOW, dry_run=True)
    assert (dry.added, dry.triage, dry.import_id, store.seq) == (4, 1, None, 0)
    import_into(store, found, "ana", NOW)
    assert import_into(store, found, "ana", NOW, dry_run=True).skipped == 4


def test_a_dry_run_sees_what_others_wrote(tmp_path: Path) -> None:
    url = tmp_path / "team" / "store.json"
    found = reading(tmp_path, DEALS)
    with (
        open_store(url, "ana", clock=lambda: NOW) as mine,
        open_store(url, "ben", clock=lambda: NOW) as theirs,
    ):
        import_into(theirs, found, "ben", NOW)
        assert import_into(mine, found, "ana", NOW, dry_run=True).skipped == 4
        assert import_into(mine, found, "ana", NOW).skipped == 4


def test_when_every_row_fails_nothing_is_written(store: Store, tmp_path: Path) -> None:
    found = reading(tmp_path, HEADER + "1,Globex,Prospecting,soon,\n2,,,,\n")
    done = import_into(store, found, "ana", NOW)
    assert (done.added, done.rejected, done.import_id, store.seq) == (0, 2, None, 0)


def test_who_wants_no_contact_is_left_out(store: Store, tmp_path: Path) -> None:
    def list_them(tx: Tx) -> None:
        tx.insert("do_not_contact", {"kind": "email", "value": "ann@acme.example"})
        tx.insert("do_not_contact", {"kind": "phone", "value": "+442079460958"})

    store.transact(list_them, "ben")
    text = (
        "company,contact,email,phone\n"
        "Acme,Ann,ANN@acme.example,\n"
        "Acme,Bob,bob@acme.example;ann@acme.example,\n"
        "Globex,Cid,,0044 (20) 7946-0958\n"
        "Globex,Dee,dee@acme.example,+44 20 7946 0959\n"
    )
    done = import_into(store, reading(tmp_path, text), "ana", NOW)
    assert (done.added, done.blocked, done.skipped) == (1, 3, 0)
    (doc,) = [doc for _, doc in store.find("opportunities")]
    assert doc["contacts"][0]["name"] == "Dee"


def test_of_several_people_only_who_wants_no_contact_is_blocked(store: Store, tmp_path: Path) -> None:
    entry = {"kind": "phone", "value": "+442079460958"}
    store.transact(lambda tx: tx.insert("do_not_contact", entry), "ben")
    text = (
        "opportunity name,company,contact,phone,contacts\n"
        "Rotors,Acme,Ann,tel: 020 7946 0958,Bob (bob@acme.example)\n"
        "Gears,Acme,Ann,020 7946 0958,\n"
    )
    done = import_into(store, reading(tmp_path, text), "ana", NOW)
    assert (done.added, done.blocked) == (1, 1)
    [(id, doc)] = store.find("opportunities")
    o = from_doc(id, doc)
    assert [(contact.name, contact.blocked) for contact in o.contacts] == [("Ann", True), ("Bob", False)]


def test_what_others_put_into_the_store_does_not_stop_it(store: Store, tmp_path: Path) -> None:
    def odd(tx: Tx) -> None:
        tx.insert("opportunities", {"external_ids": ["1"]})
        tx.insert("opportunities", {"external_ids": {"salesforce": 1, "x": [2]}})
        tx.insert("do_not_contact", {"kind": ["email"]})

    store.transact(odd, "ben")
    assert import_into(store, reading(tmp_path, DEALS), "ana", NOW).skipped == 1


def test_only_the_name_of_the_file_is_kept(store: Store, tmp_path: Path) -> None:
    import_into(store, reading(tmp_path, DEALS, "a\x1b[2J.csv"), "ana", NOW)
    record, doc = store.record(1), store.get("imports", 1)
    assert record is not None
    assert doc is not None
    assert (record.label, doc["file"]) == ("imported 4 from a�[2J.csv", "a�[2J.csv")
    assert str(tmp_path) not in repr(doc)


def test_a_large_file_is_one_record_of_consecutive_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.store.tiny.BULK", 3)
    with open_store(tmp_path / "team" / "store.json", "ana", clock=lambda: NOW) as store:
        store.transact(lambda tx: tx.insert("opportunities", {"company": "Acme"}), "ben")
        assert import_into(store, reading(tmp_path, DEALS), "ana", NOW).added == 4
        record = store.record(2)
        assert record is not None
        assert (record.bulk, record.ops) == (True, ())
        assert record.added == (("imports", 1, 1), ("opportunities", 2, 5))
        assert import_into(store, reading(tmp_path, DEALS), "ana", NOW).skipped == 4


def test_the_collector_works_again_afterwards(store: Store, tmp_path: Path) -> None:
    assert gc.isenabled()
    import_into(store, reading(tmp_path, DEALS), "ana", NOW)
    with pytest.raises(ImportFault):
        reading(tmp_path, "a\n")
    assert gc.isenabled()
