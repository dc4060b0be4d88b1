"""Finding items by an e-mail or a phone: as if all were read, whatever was kept, and whoever kept it."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import Clock, desk_at, desk_over, small_world
from hypothesis import given, settings
from hypothesis import strategies as st

from huntertui.desk import addresses
from huntertui.desk.addresses import Addresses, Sign, signs
from huntertui.store import Doc, Store, Tx, open_store

EMAILS = ("ann@acme.example", "bob@acme.example", "BOB@acme.example")
PHONES = ("+44 20 7946 0958", "020 7946 0958", "+1 555 0100 200 x12", "12345")
KNOWN = sorted({sign for email in EMAILS for phone in PHONES for sign in signs(
    {"contacts": [{"emails": [email], "phones": [phone]}]})})  # fmt: skip


def read_all(store: Store, sign: Sign) -> list[int]:
    return [id for id, doc in store.find("opportunities") if sign in signs(doc)]


def told(store: Store, found: Addresses) -> bool:
    return all(found.of(sign) == read_all(store, sign) for sign in KNOWN)


CONTACTS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={"emails": st.lists(st.sampled_from(EMAILS)), "phones": st.lists(st.sampled_from(PHONES))},
    )
    | st.sampled_from([None, "x", {"emails": 5}, {"phones": [None]}]),
    max_size=3,
)


def deed(store: Store, kind: str, id: int, doc: Doc) -> None:
    def write(tx: Tx) -> None:
        if kind in ("insert", "many"):
            for _ in range(1 if kind == "insert" else BULK + 1):
                tx.insert("opportunities", doc)
        elif tx.get("opportunities", id) is None:
            tx.insert("opportunities", doc, id)
        elif kind == "update":
            tx.update("opportunities", id, doc)
        else:
            tx.delete("opportunities", id)

    store.transact(write, "ana")


BULK = 4


@settings(max_examples=40)
@given(
    deeds=st.lists(
        st.tuples(
            st.sampled_from(["insert", "update", "delete", "many", "anew"]),
            st.integers(1, 3),
            CONTACTS,
        ),
        max_size=10,
    )
)
def test_it_finds_what_reading_all_would(deeds: list[tuple[str, int, list[object]]]) -> None:
    with pytest.MonkeyPatch.context() as patched, open_store("memory:", "ana", clock=Clock()) as store:
        patched.setattr(addresses, "MANY", 2)
        patched.setattr(addresses, "PAGE", 3)
        patched.setattr("huntertui.store.tiny.BULK", BULK)
        deed(store, "insert", 0, {"contacts": []})
        found = Addresses(store)
        for kind, id, contacts in deeds:
            if kind == "anew":
                found = Addresses(store)
            else:
                deed(store, kind, id, {"contacts": contacts})
            assert told(store, found)
        assert told(store, Addresses(store))


def test_who_comes_later_reads_no_item_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MANY", 2)
    path = tmp_path / "team" / "store.json"
    desk = desk_at(path, Clock())
    small_world(desk)
    assert [row.id for row in desk.of_address("ann@acme.example")] == [3, 1]
    desk.edit(5, "email", "ann@acme.example")
    desk.store.close()
    with open_store(path, "ben", clock=Clock()) as store:
        monkeypatch.setattr(store, "latest", lambda *_, **__: pytest.fail("all are read"))
        assert [row.id for row in desk_over(store, Clock(), "ben").of_address("ann@acme.example")] == [
            5,
            3,
            1,
        ]


@pytest.mark.parametrize("data", [b"", b"x" * 5])
def test_what_is_no_such_thing_is_not_gone_by(data: bytes) -> None:
    with open_store("memory:", "ana", clock=Clock()) as store:
        small_world(desk_over(store, Clock()))
        store.keep(Addresses(store)._name, store.seq, data)
        assert Addresses(store).of(("email", "ann@acme.example")) == [1, 3]


def test_the_same_mark_is_not_the_same_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_mark", lambda _: 7)
    with open_store("memory:", "ana", clock=Clock()) as store:
        small_world(desk_over(store, Clock()))
        assert Addresses(store).of(("email", "bob@acme.example")) == [2]


def test_find_goes_by_a_whole_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store("memory:", "ana", clock=Clock()) as store:
        small_world(desk := desk_over(store, Clock()))
        monkeypatch.setattr(desk, "read_on", lambda: pytest.fail("notes are read"))
        for text in ("ann@acme.example", "Ann@ACME.example", "+44 20 7946 0958", "020 7946 0958"):
            rows, near = desk.search(text)
            assert ({row.id for row in rows} | {3}, near) == ({1, 3}, frozenset()), text
