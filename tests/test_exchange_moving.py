"""From one huntertui to another by our own JSON: nothing is lost on the way, nothing comes twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from commandline import inside, small_store
from deals import deal
from desks import NOW, Clock, desk_over, everything
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec import RECORDS

from huntertui.exchange import Imported, ImportFault
from huntertui.exchange.exporting import FORMS, items_of
from huntertui.exchange.items import About
from huntertui.exchange.moving import Mover
from huntertui.exchange.ownfile import is_own, open_own
from huntertui.exchange.rows import RowError
from huntertui.model.codec import to_doc
from huntertui.model.opportunity import Contact, Opportunity
from huntertui.model.pipeline import Policy
from huntertui.model.team import Member, Team
from huntertui.model.touch import Outcome
from huntertui.store import Doc, Store, Tx, open_store


def memory() -> Store:
    return open_store("memory:", "ana", clock=lambda: NOW)


def filled(records: Iterable[Opportunity], events: Sequence[Doc] = ()) -> Store:
    """A store with these records; the second looks after the first, which has a history."""
    store = memory()

    def fill(tx: Tx) -> None:
        for at, o in enumerate(records):
            doc = to_doc(replace(o, care_of=1 if at == 1 else None))
            tx.insert("opportunities", doc | {"mood": {"x": [1]}})
        for event in events:
            tx.insert("events", event | {"opportunity": 1})

    store.transact(fill, "ana")
    return store


def exported(store: Store, form: str, folder: str | Path) -> Path:
    """All of a store as a file."""
    desk, path = desk_over(store, Clock()), Path(folder) / f"out.{form}"
    listed = tuple(doc for _, doc in store.find("do_not_contact"))
    about = About(NOW, "ana", desk.policy, store.seq, off_limits=listed)
    with path.open("w", encoding="ascii") as file:
        FORMS[form].write(items_of(store, desk.choose(), FORMS[form]), about, file.write)
    return path


def moved(store: Store, path: Path, policy: Policy | None = None, **owners: str) -> Imported:
    return Mover(policy or Policy(), "ana", NOW, owners).move(store, open_own(path), lambda _: None)


def items(path: Path) -> list[Any]:
    """What a file says of its items, without what differs from store to store."""
    found = [item for _, item in open_own(path).items()]
    for item in found:
        del item["id"]
        for field in ("import_id", "care_of"):
            item["opportunity"].pop(field, None)
        item["opportunity"].get("external_ids", {}).pop("huntertui", None)
        if not item["opportunity"].get("external_ids"):
            item["opportunity"].pop("external_ids", None)
    return found


LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
EVENTS = st.lists(st.dictionaries(LETTERS, LETTERS | st.integers(0, 9), max_size=3), max_size=3)


@given(
    st.lists(RECORDS, max_size=3, unique_by=lambda o: o.created), EVENTS, st.sampled_from(["json", "ndjson"])
)
@settings(max_examples=25)
def test_there_and_back_nothing_is_lost(records: list[Opportunity], events: list[Doc], form: str) -> None:
    if "\\u0000" in json.dumps([to_doc(o) for o in records]):
        return  # no store takes that
    here, there = filled(records, events if records else ()), memory()
    with TemporaryDirectory() as folder:
        path = exported(here, form, folder)
        done = moved(there, path)
        assert (done.added, done.rows, done.rejected) == (len(records), len(records), 0)
        said = items(path)
        again = moved(there, path)
        assert (again.added, again.merged) == (0, len(records))
        assert items(exported(there, form, folder)) == said
    assert [doc.get("care_of") for _, doc in there.find("opportunities")][1:2] == [1][: len(records) - 1]


@pytest.fixture
def world() -> Store:
    """Ana's and ben's; Zoe wants no contact."""
    zoe = Contact("Zoe", emails=("zoe@zeta.example",))
    deals = [
        deal(company="Acme", owner="ana"),
        deal(company="Globex", owner="ben"),
        deal(company="Zeta", contacts=(zoe,)),
    ]
    store = filled(deals, [{"kind": "note", "at": "2026-11-20T09:00:00Z", "by": "ben", "text": "likes tea"}])
    desk_over(store, Clock(), "ana").log(3, Outcome.DO_NOT_CONTACT)
    return store


def test_one_undo_takes_all_of_it_back(world: Store, tmp_path: Path) -> None:
    path, there = exported(world, "json", tmp_path), memory()
    before = everything(there)
    desk = desk_over(there, Clock())
    assert moved(there, path).added == 3
    after = everything(there)
    assert [doc["value"] for _, doc in after["do_not_contact"]] == ["zoe@zeta.example"]
    assert len(after["events"]) == len(world.find("events")) > 2
    desk.follow()
    desk.undo()
    assert everything(there) == before
    assert there.find("imports") == []
    desk.redo()
    assert everything(there) == after


def test_who_is_no_member_here_owns_nothing(world: Store, tmp_path: Path) -> None:
    policy = Policy(team=Team((Member("ana"), Member("carla"))))
    there, path = memory(), exported(world, "ndjson", tmp_path)
    assert moved(there, path, policy).added == 3
    docs = [doc for _, doc in there.find("opportunities")]
    assert [(doc.get("owner"), doc.get("source_owner")) for doc in docs[:2]] == [("ana", None), (None, "ben")]
    assert docs[1]["unowned_since"] == "2026-11-23T09:00:00Z"
    mapped = memory()
    moved(mapped, path, policy, ben="carla")
    assert mapped.find("opportunities")[1][1]["owner"] == "carla"


def test_who_wants_no_contact_here_does_not_come(world: Store, tmp_path: Path) -> None:
    there = memory()
    moved(there, exported(world, "json", tmp_path))  # with the list
    yan = Contact("Yan", emails=("ZOE@zeta.example",))
    done = moved(there, exported(filled([deal(contacts=(yan,), created=NOW)]), "ndjson", tmp_path))
    assert (done.added, done.blocked, done.left_out) == (0, 1, 1)


def test_two_who_share_an_address_stay_two(tmp_path: Path) -> None:
    ann = Contact("Ann", emails=("ann@acme.example",))
    there = filled([deal(contacts=(ann,))])
    two = filled([deal(contacts=(ann,), notes="1"), deal(contacts=(ann,), notes="2", owner="ben")])
    assert moved(there, exported(two, "json", tmp_path)).added == 1  # the first has the number and the moment
    assert len(there.find("opportunities")) == 2


WRONG: dict[str, tuple[str, str]] = {
    "no JSON": ('{"id": 1, "uid": "a", "oppor', "is no item of an export, or is cut off"),
    "deep": ("[" * 100_000, "is no item"),
    "a list": ("[]", "is no item"),
    "no uid": ('{"id": 1, "opportunity": {}}', "uid: 'None' tells no item again"),
    "events": ('{"uid": "a", "opportunity": {}, "events": [1]}', "events: is no list of events"),
    "a value": ('{"uid": "a", "opportunity": {"value": "much"}}', "value cannot be read: 'much'"),
    "NUL": ('{"uid": "a", "opportunity": {"notes": "\\u0000"}}', "NUL"),
    "half a letter": ('{"uid": "a", "opportunity": {"notes": "\\ud800"}}', "broken Unicode"),
    "infinite": ('{"uid": "a", "opportunity": {"mood": Infinity}}', "is no item"),
    "64 bits": ('{"uid": "a", "opportunity": {"mood": 99999999999999999999}}', "64 bits"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_item_that_is_wrong_is_named_by_its_line_and_left_out(
    name: str, world: Store, tmp_path: Path
) -> None:
    path = exported(world, "ndjson", tmp_path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], WRONG[name][0], *lines[2:]]))
    there = memory()
    done = moved(there, path)
    [(file, [error])] = done.errors
    assert isinstance(error, RowError)
    assert (file, done.added, done.rejected, error.line) == ("out.ndjson", 3, 1, 3)
    assert WRONG[name][1] in str(error)


FAULTS = {
    "another program's": ('{"deals": []}', "not from huntertui export"),
    "no object": ("{", "not from huntertui export"),
    "a newer one's": ('{"schema": 99, "export": "huntertui"}', "newer huntertui"),
    "cut off": ('{"schema": 1, "export": "huntertui", "items": [\n{},\n', "line 2: the end is missing"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_that_is_wrong_brings_nothing(name: str, tmp_path: Path) -> None:
    path, store = tmp_path / "x.json", memory()
    path.write_text(FAULTS[name][0])
    with pytest.raises(ImportFault, match=FAULTS[name][1]):
        moved(store, path)
    assert store.seq == 0


def test_a_file_that_was_laid_out_anew_comes_in_too(world: Store, tmp_path: Path) -> None:
    path = exported(world, "json", tmp_path)
    said = items(path)
    assert is_own(path)
    path.write_text(json.dumps(json.loads(path.read_text()), indent=2))
    assert is_own(path)
    assert items(path) == said
    assert moved(memory(), path).added == 3


def test_import_says_what_came_and_what_did_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, other, file = small_store(tmp_path), tmp_path / "other" / "store.json", tmp_path / "all.ndjson"
    assert inside("--store", store, "export", "-o", file) == 0
    with file.open("a") as text:
        text.write("{}\n")
    capsys.readouterr()
    assert inside("--store", other, "import", file, "--dry-run", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["added"], data["rejected"], data["dry_run"], data["import_id"]) == (6, 1, True, None)
    assert inside("--store", other, "import", file) == 0
    out, err = capsys.readouterr()
    assert out.startswith("6 added from all.ndjson, 0 merged, 1 rejected, 0 left out: 7 rows (5 open, 1 lost")
    assert err == "huntertui: all.ndjson, line 8: is no item of an export, or is cut off\n"
    assert inside("--store", other, "import", file, tmp_path / "x.csv") in (1, 2)
