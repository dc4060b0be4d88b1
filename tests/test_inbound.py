"""What customers send is never refused: whose item it goes to, what stays of it, whatever its bytes are."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from commandline import ME, inside, small_store
from desks import NOW, Clock, desk_at, desk_over, small_world
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.desk import Desk
from huntertui.desk.inbound import Message
from huntertui.exchange.mail import CHARACTERS, LINES, read_mail
from huntertui.model.opportunity import Channel, Contact, Opportunity
from huntertui.model.text import clean
from huntertui.model.touch import Outcome
from huntertui.store import open_store


@pytest.fixture
def desk() -> Desk:
    desk = desk_at("memory:", Clock())
    small_world(desk)
    return desk


def record(desk: Desk, id: int) -> Opportunity:
    o = desk.opportunity(id)
    assert o is not None
    return o


def wrote(desk: Desk, who: str, note: str = "") -> int:
    """Log a message of somebody, and return the item that it went to."""
    return desk.log_inbound(Message(desk.sender_of(who), note=note)).ids[0]


def touch(desk: Desk, id: int) -> Any:
    """The last touch of an item, as it is kept."""
    return next(event.doc for event in desk.history(id) if event.kind == "touch")


# Whose it is


@pytest.mark.parametrize(
    ("who", "id"),
    [
        ("bob@acme.example", 2),
        ("Bob Ray <BOB@acme.example>", 2),
        ("+44 (0)20 7946 0958", 1),
        ("020 7946 0958", 1),
        ("Dora Diaz", 4),
        ("#4", 4),
        ("4", 4),
    ],
)
def test_it_goes_to_the_item_of_its_sender(desk: Desk, who: str, id: int) -> None:
    assert wrote(desk, who, "when can you come?") == id
    assert record(desk, id).answer_owed == NOW
    found = touch(desk, id)
    assert (found["direction"], found["outcome"], found["note"]) == ("in", "replied", "when can you come?")


def test_of_several_it_goes_to_the_one_touched_last_and_names_the_others(desk: Desk) -> None:
    desk.log(1, Outcome.TALKED)
    change = desk.log_inbound(Message(desk.sender_of("ann@acme.example"), note="hello"))
    assert change.ids == (1,)
    assert touch(desk, 1)["note"] == "hello · also Globex #3"
    assert record(desk, 3).answer_owed is None
    desk.lose(1, "p")
    assert wrote(desk, "ann@acme.example") == 3  # what is open comes first


def test_from_somebody_unknown_it_is_new_and_nobodys(desk: Desk) -> None:
    id = wrote(desk, "Zoe Day <zoe@zeta.example>", "we need 40 fixtures")
    o = record(desk, id)
    assert (o.owner, o.inbound, o.stage, o.title) == ("", True, "new", "Zoe Day")
    assert o.contacts == (Contact("Zoe Day", emails=("zoe@zeta.example",)),)
    assert desk.explain(id)[0].startswith("Owed by Mon 23 Nov 10:00: it came in")
    assert touch(desk, id)["note"] == "we need 40 fixtures"
    assert id in {row.id for row in desk_over(desk.store, Clock(), "ben").book.rows() if not row.owner}
    assert wrote(desk, "zoe@zeta.example") == id  # who wrote again is not new
    desk.undo()
    desk.undo()
    assert desk.opportunity(id) is None


@pytest.mark.parametrize(
    "who",
    [
        "",
        "-",
        "?",
        "#99",
        "99",
        "withheld",
        "acme",
        '"',
        "is:",
        "late>x",
        "@",
        "a" * 5000,
        "\x1b]2;x\x07",
        "\ud800",
    ],
)
def test_whatever_the_sender_is_called_it_is_kept(desk: Desk, who: str) -> None:
    before = {row.id for row in desk.book.rows()}
    id = wrote(desk, who, "hello")
    assert id not in before
    assert record(desk, id).title.isprintable()
    assert touch(desk, id)["note"] == "hello"


def test_who_wants_no_contact_may_write_and_stays_blocked(desk: Desk) -> None:
    desk.log(2, Outcome.DO_NOT_CONTACT)
    desk.undo()
    desk.log(2, Outcome.DO_NOT_CONTACT)
    follow_up = wrote(desk, "bob@acme.example")
    assert record(desk, follow_up).title == "Follow-up: Acme"
    assert all(contact.blocked for contact in record(desk, follow_up).contacts)
    for id in (2, follow_up):
        desk.store.transact(lambda tx, id=id: tx.delete("opportunities", id), "ana")  # type: ignore[misc]
    desk.load()
    change = desk.log_inbound(Message(desk.sender_of("bob@acme.example")))
    assert change.message.endswith("who wants no contact")
    assert record(desk, change.ids[0]).contacts[0].blocked


def test_a_message_is_logged_once(desk: Desk) -> None:
    for who in ("bob@acme.example", "zoe@zeta.example"):
        first = desk.log_inbound(Message(desk.sender_of(who), source="<1@mail>"))
        seq = desk.seq
        again = desk.log_inbound(Message(desk.sender_of(who), source="<1@mail>"))
        assert (again.ids, again.seq, desk.seq) == (first.ids, None, seq)
        assert desk.log_inbound(Message(desk.sender_of(who), source="<2@mail>")).seq == seq + 1


def test_an_automatic_answer_is_no_touch(desk: Desk) -> None:
    before = record(desk, 2)
    desk.log_inbound(Message(desk.sender_of("bob@acme.example"), note="out of office", automatic=True))
    assert record(desk, 2) == before
    assert desk.history(2)[0].text == "automatic answer: out of office"


def test_of_one_new_sender_at_once_only_one_is_new(tmp_path: Path) -> None:
    path = small_store(tmp_path)
    gate, told = threading.Barrier(8), list[tuple[int, ...]]()

    def write(at: int) -> None:
        with open_store(path, f"s{at}", clock=Clock()) as store:
            mine = desk_over(store, Clock(), f"s{at}")
            gate.wait()
            told.append(mine.log_inbound(Message(mine.sender_of("zoe@zeta.example"), note=f"n{at}")).ids)

    threads = [threading.Thread(target=write, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({ids[0] for ids in told}) == 1
    desk = desk_at(path, Clock())
    assert {event.doc.get("note") for event in desk.history(told[0][0]) if event.kind == "touch"} == {
        f"n{at}" for at in range(8)
    }
    desk.store.close()


# Mails


def mail(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("data", "name", "emails", "subject", "text"),
    [
        (mail("From: Ann Lee <ann@x.example>", "Subject: Hi", "", "Hello", "> old", "there", "-- ", "Ann"),
         "Ann Lee", ("ann@x.example",), "Hi", "Hello\nthere"),
        (mail("From: =?utf-8?q?J=C3=B6rg?= <j@x.example>", "Subject: =?iso-8859-1?q?Pr=FCfung?=", "", "x"),
         "Jörg", ("j@x.example",), "Prüfung", "x"),
        (mail("From: web <noreply@us.example>", "Reply-To: Zoe <zoe@z.example>", "", "x"),
         "Zoe", ("zoe@z.example", "noreply@us.example"), "", "x"),
        (mail("From: a@x.example", "Content-Type: multipart/alternative; boundary=b", "", "--b",
              "Content-Type: text/html", "", "<b>no</b>", "--b", "Content-Type: text/plain; charset=latin-1",
              "Content-Transfer-Encoding: quoted-printable", "", "gr=FC=DFe", "--b--"),
         "", ("a@x.example",), "", "grüße"),
        (mail("From: a@x.example", "Content-Type: text/plain; charset=klingon", "", "x"),
         "", ("a@x.example",), "", "x"),
        (mail("From: \x1b]2;PWNED\x07 <a@x.example>", "Subject: a\x00b\x9b2J", "", "\x1b[2J\u202egnp"),
         "PWNED\ufffd", ("a@x.example",), "a\ufffdb\ufffd2J", "\ufffd[2Jgnp"),
        (mail("no mail", "at all"), "", (), "", "no mail\nat all"),
        (b"", "", (), "", ""),
        (mail("From: <>", "Subject: x", "", ""), "", (), "x", ""),
        (mail("From: " + ", ".join(f"a{n}@x.example" for n in range(5000)), "", "x"), "", None, "", None),
    ],
)  # fmt: skip
def test_what_is_read_of_a_mail(
    data: bytes, name: str, emails: Sequence[str] | None, subject: str, text: str | None
) -> None:
    found = read_mail(data)
    assert (found.name, found.subject) == (name, subject)
    assert emails is None or found.emails == emails
    assert len(found.emails) < 20
    assert text is None or found.text == text


def test_only_the_beginning_of_a_long_mail_is_kept() -> None:
    found = read_mail(mail("From: a@x.example", "", *["line"] * 100_000, "x" * 1_000_000))
    assert found.text == "\n".join(["line"] * LINES)
    assert len(read_mail(mail("From: a@x.example", "", "x" * 1_000_000)).text) == CHARACTERS
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(3000))
    assert read_mail(b"From: a@x.example\r\n" + nested.encode()).emails == ("a@x.example",)


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"From: ", b"Subject: =?", b"From: a@b.c\nContent-Type: "])
)
@example(b"=?utf-8?b?====?= <a@b.example>\n\n", b"From: ")
@example(b"=?\xff\xfe?q?=zz?=\n\nx", b"Subject: ")
def test_no_bytes_are_too_wild(data: bytes, begin: bytes) -> None:
    found = read_mail(begin + data)
    for text in (found.name, found.subject, found.id, *found.emails):
        assert text == clean(text)
    assert found.text == clean(found.text, lines=True)


# The verb


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def logged(store: Path, capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    assert inside("--store", store, "log", "--inbound", *args, "--json") == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_log_inbound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = small_store(tmp_path)
    offer = mail("From: Zoe <zoe@z.example>", "Subject: Offer", "Message-ID: <7@z>", "", "Please call")
    piped(monkeypatch, offer)
    data = logged(store, capsys, "-")
    [item] = data["items"]
    assert (item["name"], item["owner"], item["lane"]) == ("Zoe", None, "prospects")
    assert item["owed_by"] == "2026-11-23T10:00:00Z"
    assert [i["id"] for i in logged(store, capsys, "+44 20 7946 0958", "asked", "for", "Ann")["items"]] == [1]
    data = logged(store, capsys, "bob@acme.example", "thanks", "--answer", "nothing", "--channel", "message")
    assert [i["id"] for i in data["items"]] == [2]
    piped(monkeypatch, mail("From: robot@z.example", "", "x"))
    assert logged(store, capsys, "-", "--from", "zoe@z.example")["items"][0]["id"] == item["id"]
    desk = desk_at(store, Clock())
    first, second = touch(desk, 1), touch(desk, 2)
    assert (first["channel"], first["note"], first["by"]) == ("call", "asked for Ann", ME)
    assert (second["channel"], record(desk, 2).answer_owed) == (Channel.MESSAGE.value, None)
    told = [event.doc["note"] for event in desk.history(item["id"]) if event.kind == "touch"]
    assert told == ["x", "Offer\nPlease call"]
    desk.store.close()


def test_a_script_that_is_not_understood_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, b"\xff\xfe\x00 no mail")
    [item] = logged(small_store(tmp_path), capsys, "-")["items"]
    assert item["name"] == "unknown sender"
