"""What goes out through our own export comes back through our own import, and nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commandline import ME, inside, small_store
from desks import Clock, desk_at

from huntertui.desk.listed import OFF_LIMITS
from huntertui.model.touch import Outcome
from huntertui.store import Store, Tx

BRED = ("import_id", "external_ids", "opportunity", "care_of")  # what is another's number in another store


def filled(folder: Path) -> Path:
    """The small world after some work: touches, a note, a won item with its care, somebody off limits."""
    path = small_store(folder)
    desk = desk_at(path, Clock())
    desk.log(1, Outcome.NO_ANSWER)
    desk.note(2, "likes tea")
    desk.win(4)
    desk.lose(3, "p")

    def odd(tx: Tx) -> None:
        tx.insert(OFF_LIMITS, {"kind": "email", "value": "cid@acme.example", "by": "ana"})
        tx.update("opportunities", 5, {"theirs": {"x": [1]}})

    desk.store.transact(odd, "ana")
    desk.store.close()
    return path


def told(store: Store) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each item with its history, without the numbers of other records."""
    found = []
    for id, doc in store.find("opportunities", order=["created"]):
        events = [event for _, event in store.find("events", [("opportunity", "=", id)], ["at"])]
        found.append((plain(doc), [plain(event) for event in events]))
    return sorted(found, key=repr)


def plain(doc: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in doc.items() if field not in BRED}


@pytest.mark.parametrize("ending", ["json", "ndjson"])
@pytest.mark.parametrize("bulk", [False, True])
def test_an_export_comes_back_whole(
    tmp_path: Path, ending: str, bulk: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if bulk:
        monkeypatch.setattr("huntertui.store.tiny.BULK", 2)
    old, new, file = filled(tmp_path / "old"), tmp_path / "new" / "store.json", tmp_path / f"all.{ending}"
    assert inside("--store", old, "export", "-o", file) == 0
    assert inside("--store", new, "import", file) == 0
    before, after = (desk_at(path, Clock(), ME) for path in (old, new))
    assert told(after.store) == told(before.store)
    assert [doc for _, doc in after.store.find(OFF_LIMITS)] == [
        doc for _, doc in before.store.find(OFF_LIMITS)
    ]
    cares = [doc for _, doc in after.store.find("opportunities") if doc.get("care_of")]
    assert [after.opportunity(doc["care_of"]).title for doc in cares] == ["Initech"]  # type: ignore[union-attr]
    seq = after.store.seq
    assert inside("--store", new, "import", file) == 0
    after.follow()
    assert after.store.seq == seq
    after.undo()
    assert [after.store.find(table) for table in ("opportunities", "events", OFF_LIMITS)] == [[], [], []]
    before.store.close()
    after.store.close()


def test_undo_takes_off_the_list_whom_the_import_put_there_but_whom_others_have_blocked_since(
    tmp_path: Path,
) -> None:
    old, new, file = small_store(tmp_path / "old"), tmp_path / "new" / "store.json", tmp_path / "all.json"

    def listed(tx: Tx) -> None:
        for name in ("ann", "cid"):
            tx.insert(OFF_LIMITS, {"kind": "email", "value": f"{name}@acme.example", "by": "ana"})

    with desk_at(old, Clock()).store as store:
        store.transact(listed, "ana")
    assert inside("--store", old, "export", "-o", file) == 0
    assert inside("--store", new, "import", file) == 0
    desk = desk_at(new, Clock(), "ben")
    ann = next(
        id for id, doc in desk.store.find("opportunities") if "ann@acme.example" in repr(doc.get("contacts"))
    )
    desk.log(ann, Outcome.DO_NOT_CONTACT)  # who is on the list is not listed twice
    assert [doc["by"] for _, doc in desk.store.find(OFF_LIMITS)] == ["ana", "ana", "ben"]  # his phone
    desk_at(new, Clock(), ME).undo()
    desk.follow()
    found = [(doc["kind"], doc["by"]) for _, doc in desk.store.find(OFF_LIMITS)]
    assert found == [("email", "ana"), ("phone", "ben")]
    desk.store.close()


def test_a_table_says_what_a_table_can(tmp_path: Path) -> None:
    old, new, file = small_store(tmp_path / "old"), tmp_path / "new" / "store.json", tmp_path / "all.csv"
    desk = desk_at(old, Clock())
    desk.park(1, "15dec h in Rome")
    desk.expect_close(4, "15jan budget slipped")
    desk.lose(5, "o", "moved away")
    desk.lose_for_now(3, "1mar moved to Rome")

    def block(tx: Tx) -> None:
        cid = {"name": "Cid", "phones": ["+44 20 7946 0000"], "blocked": True}
        tx.update("opportunities", 2, {"contacts": [{"name": "Bob"}, cid]})

    desk.store.transact(block, "ana")
    desk.store.close()
    assert inside("--store", old, "export", "-o", file) == 0
    assert inside("--store", new, "import", file) == 0
    fields = (
        "name", "company", "stage", "park", "expected_close", "original_close", "lost_reason", "lost_text",
        "revisit", "contacts",
    )  # fmt: skip
    with desk_at(old, Clock()).store as before, desk_at(new, Clock()).store as after:
        told = [
            sorted(
                json.dumps({field: doc.get(field) for field in fields}, sort_keys=True)
                for _, doc in store.find("opportunities")
            )
            for store in (before, after)
        ]
    assert told[0] == told[1]
    assert [word in "".join(told[1]) for word in ("in Rome", "blocked", "moved away", "2027-03-01")] == [
        True
    ] * 4


def test_a_struck_number_on_the_list_of_those_not_to_contact_names_whom_it_did(tmp_path: Path) -> None:
    old, new, file = small_store(tmp_path / "old"), tmp_path / "new" / "store.json", tmp_path / "all.json"
    number = "+442079460000"

    def strike(tx: Tx) -> None:
        tx.update("opportunities", 2, {"contacts": [{"name": "Bob", "struck": [number]}]})

    def listed(tx: Tx) -> None:
        tx.insert(OFF_LIMITS, {"kind": "phone", "value": number})

    for path, change in ((old, strike), (new, listed)):
        with desk_at(path, Clock()).store as store:
            store.transact(change, "ana")
    assert inside("--store", old, "export", "-o", file) == 0
    assert inside("--store", new, "import", file) == 0
    with desk_at(new, Clock()).store as store:
        docs = [doc for _, doc in store.find("opportunities")]
    assert (len(docs), number in json.dumps(docs)) == (5, False)
