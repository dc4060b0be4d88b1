"""What a store in a database is asked: the open items once, then only for what somebody looks up."""

from __future__ import annotations

import pytest
from acting import Hands, later, world
from desks import Clock, desk_over
from postgres import Server

from huntertui.store import open_store
from huntertui.store.postgres import log
from huntertui.store.postgres.link import Link, Rows, Step


class Asked(list[list[str]]):
    """The statements that were sent, those that were sent at once together."""

    def about(self, words: str) -> list[str]:
        return [one for several in self for one in several if words in one]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    sent, batch = Asked(), Link.batch

    def note(link: Link, steps: list[Step], patience: float = 0) -> list[Rows]:
        sent.append([query if isinstance(query, str) else query.as_string(None) for query, _ in steps])
        return batch(link, steps, patience)

    monkeypatch.setattr(Link, "batch", note)
    return sent


@pytest.fixture
def url(postgres: Server) -> str:
    url = postgres.url(postgres.emptied())
    world(url, Clock()).store.close()
    return url


def test_a_key_asks_for_nothing_but_its_own_change(url: str, asked: Asked) -> None:
    with open_store(url, "ana", clock=later()) as store:
        desk = desk_over(store, later())
        open_ones, coming_back = asked.about("'opportunities'")
        assert "<> 'won'" in open_ones
        assert "'revisit'" in coming_back
        assert not asked.about("'events'")
        hands = Hands(desk)
        hands.type("?␛")  # what it needs to know of undo and messages stays at hand
        for keys in ("j", "k", "lhj", "n", "E␛", "/acme⏎", "␛", "v", "m", "?␛", "G"):
            asked.clear()
            hands.type(keys)
            for id in (1, 2, 3, 4, 5):
                desk.opportunity(id)
                desk.explain(id)
            assert not asked, keys
        for keys in ("+", "cn", "+"):
            hands.to(1).steering.follow()
            asked.clear()
            hands.type(keys)
            assert "priority" in hands.steering.said or "no answer" in hands.steering.said
            assert len(asked.about("COMMIT")) == 1
            assert len(asked) <= 4  # lock; the next event's id, for the first time; write; the feed
        asked.clear()
        desk.history(1)
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("table", "where", "index"),
    [
        ("events", [("opportunity", "=", 7)], "doc_event"),
        ("messages", [("to", "=", "ana")], "doc_to"),
        ("plans", [("member", "=", "ana")], "doc_plan"),
        ("queues", [("member", "=", "ana")], "doc_queue"),
        ("do_not_contact", [("kind", "=", "email"), ("value", "=", "x@y.example")], "doc_blocked"),
        ("opportunities", [("stage", "!=", "lost"), ("stage", "!=", "won")], "doc_open"),
        ("opportunities", [("stage", "=", "lost"), ("revisit", ">", "")], "doc_back"),
    ],
)
def test_what_is_found_by_an_index(
    table: str, where: list[tuple[str, str, object]], index: str, url: str, asked: Asked, postgres: Server
) -> None:
    docs = {
        "events": "json_build_object('opportunity', n, 'text', repeat('x', 100))",
        "opportunities": "json_build_object('stage', 'won', 'company', repeat('x', 100))",
        table: "json_build_object('opportunity', n, 'value', n, 'member', n, 'to', n, 'stage', 'won')",
    }
    for name, doc in docs.items():
        rows = f"SELECT '{name}', n + 1000, 1, n, {doc} FROM generate_series(1, 20000) n"
        postgres.ask(f"INSERT INTO huntertui.doc {rows}", postgres.shared)
    postgres.ask("ANALYZE huntertui.doc", postgres.shared)
    with open_store(url, "ana", clock=later()) as store:
        store.find(table, where)
    plan = "\n".join(str(line) for (line,) in postgres.ask(f"EXPLAIN {asked[-1][0]}", postgres.shared))
    assert index in plan, plan


def test_records_come_in_pages(url: str, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_PAGE", 10)
    with open_store(url, "ana", clock=later()) as store, open_store(url, "ben", clock=later()) as ben:
        since = store.seq
        for n in range(35):
            store.transact(lambda tx, n=n: tx.insert("notes", {"n": n}), "ana" if n % 2 else "ben")  # type: ignore[misc]
        seqs = list(range(since + 1, since + 36))
        assert [record.seq for record in ben.changes(since)] == seqs
        asked.clear()
        assert [record.seq for record in ben.made_by("ana", later()())] == seqs[-2::-2]
        assert len(asked) == 2 * 2 + 1  # pages, each with what it wrote; and there are no more
        ben.log._records.clear()  # type: ignore[attr-defined]
        asked.clear()
        assert [ben.record(seq).seq for seq in reversed(seqs)] == seqs[::-1]  # type: ignore[union-attr]
        assert len(asked) == 2 * 4
