"""What a prompt shows before Enter: text, or what is wrong, whatever is typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from desks import Clock, desk_at, everything, small_world
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.desk import Desk
from huntertui.desk.edits import FIELDS
from huntertui.errors import HunterError


@pytest.fixture
def desk(clock: Clock) -> Iterator[Desk]:
    made = desk_at("memory:", clock)
    small_world(made)
    with made.store:
        yield made


WHATS = [
    "snooze",
    "park",
    "step",
    "close",
    "add",
    "callback",
    "meeting",
    "revisit",
    "value",
    "owner",
    "merge",
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("0123456789 +-=./:@€k,aeiouthrsdfmonp"), max_size=25),
    st.sampled_from(["tue", "+3", "15dec h", "=fri 10:00", "1530", "€12k", "2100-12-31", "9" * 400]),
)


@given(st.sampled_from(WHATS + [f"edit:{field}" for field in (*FIELDS, "x")]), st.integers(1, 6), TEXTS)
@example("close", 4, "2100-12-31 x")
@example("value", 1, "9" * 30)
def test_a_preview_is_text_or_says_what_is_wrong(what: str, id: int, text: str) -> None:
    desk = desk_at("memory:", Clock())
    small_world(desk)
    before = everything(desk.store)
    with suppress(ValueError, HunterError):
        assert isinstance(desk.preview(what, None if what == "add" else id, text), str)
    assert everything(desk.store) == before


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("id", range(1, 7))
def test_a_suggestion_can_be_taken(desk: Desk, what: str, id: int) -> None:
    if text := desk.suggest(what, id):
        assert desk.preview(what, id, text)


@pytest.mark.parametrize(
    ("what", "id", "text", "shown"),
    [
        ("snooze", 1, "tue", "→ Tue 24 Nov, tomorrow"),
        ("snooze", 1, "=fri 10:00", "→ Fri 27 Nov 10:00, in 4 days agreed with them"),
        ("park", 1, "15dec h", "→ Tue 15 Dec, in 22 days · parked: on holiday"),
        ("step", 1, "tue call about the offer", "→ Tue 24 Nov, tomorrow call about the offer"),
        ("close", 4, "15jan slipped", "→ Fri 15 Jan 2027, in 53 days (slipped)"),
        (
            "add",
            None,
            'Jo Li @zeta tue 12k #expo country:de +44 20 1 2345 jo@z.example "met"',
            (
                "name Jo Li · company zeta · phone +44 20 1 2345 · e-mail jo@z.example · value "
                "12,000.00 EUR · first touch Tue 24 Nov, tomorrow · tags expo · country DE · note met"
            ),
        ),
        (
            "add",
            None,
            "Sun Li @zeta",
            "name Sun Li · company zeta · ? Sun is taken for a name: the day is sun",
        ),
        (
            "add",
            None,
            "Ann Lee @acme",
            "! Acme #1 is yours (same company and name) · name Ann Lee · company acme",
        ),
        (
            "add",
            None,
            "X @y ANN@acme.example +44 (20) 7946-0958",
            (
                "! Acme #1 is yours (same e-mail); Globex #3 is ben's (same e-mail) · "
                "name X · company y · phone +44 (20) 7946-0958 · e-mail ANN@acme.example"
            ),
        ),
        ("value", 4, "€500k", "value: €500k"),
        ("owner", 4, "ben", "ben"),
        ("merge", 2, "#1", "→ Acme #1, ana"),
        ("edit:role", 1, "CTO", "role: CTO"),
    ],
)
def test_a_preview_says_what_was_understood(
    desk: Desk, what: str, id: int | None, text: str, shown: str
) -> None:
    assert desk.preview(what, id, text) == shown


@pytest.mark.parametrize(
    ("what", "text", "words"),
    [
        ("snooze", "someday", "'someday' is no date"),
        ("park", "15dec", "and why: h on holiday"),
        ("park", "15mar h", "60 days at most"),
        ("add", "", "name a person or a @company"),
        ("value", "much", "'much' is no amount"),
        ("edit:email", "x", "'x' is no e-mail address"),
        ("edit:fone", "x", "did you mean phone"),
        ("merge", "#1", "is no other item"),
        ("merge", "#99", "there is no #99"),
    ],
)
def test_a_preview_says_what_is_wrong(desk: Desk, what: str, text: str, words: str) -> None:
    with pytest.raises((ValueError, HunterError), match=words):
        desk.preview(what, 1, text)


def test_a_preview_of_a_red_row_says_that_it_stays_red(desk: Desk, clock: Clock) -> None:
    clock.pass_(days=10)
    assert desk.preview("snooze", 1, "tue").endswith("· stays red, owed since the end of Tue 24 Nov")
    assert "stays red" not in desk.preview("park", 1, "tue h")


def test_twins_are_found_in_what_changed_since(desk: Desk, clock: Clock) -> None:
    line = "X @y new@acme.example"
    assert "!" not in desk.preview("add", None, line)
    desk.edit(5, "email", "New@acme.example")
    assert desk.preview("add", None, line).startswith("! Umbrella #5 is nobody's (same e-mail) · ")
    added = desk.add(line)
    assert added.message.endswith("· Umbrella #5 is nobody's (same e-mail): u takes it back")
    desk.undo()
    desk.edit(5, "email", "")
    assert "!" not in desk.preview("add", None, line)


def test_two_ways_to_write_a_number_are_one(desk: Desk) -> None:
    for way in ("+442079460958", "0044 20 7946 0958", "+44 (0)20 7946 0958"):
        assert "! Acme #1 is yours (same phone)" in desk.preview("add", None, f"X @y {way}"), way
