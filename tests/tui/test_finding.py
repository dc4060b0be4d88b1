"""Finding in the workday: live, in all that is known, best first, and back as it was; views and the focus."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from day import desk as at_desk
from day import morning, start
from desks import Clock, desk_at, desk_over, small_world
from hands import Hands
from hypothesis import given, settings
from hypothesis import strategies as st

from huntertui.desk import Desk
from huntertui.model.query import FIELDS, STATES
from huntertui.model.ranking import Mark
from huntertui.tui.views import Views


def preview(hands: Hands) -> str:
    assert hands.steering.prompt is not None
    return hands.steering.prompt.state(300).text


def rest(hands: Hands) -> Hands:
    """Nobody types: what is searched is read."""
    while hands.steering.curious:
        hands.steering.read_on()
    return hands


def lists(hands: Hands) -> list[list[int]]:
    return [hands.shown(lane) for lane in range(3)]


# What is found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("acme", [[1, 2, 3], [], []]),  # #3 by an e-mail address, after those so called
        ("ACME.EXAMPLE ann", [[3, 1], [], []]),
        ("7946 0958", [[1], [], []]),
        ("+44 20 7946", [[1], [], []]),
        ("02079460958", [[1], [], []]),
        ("globxe", [[3], [], []]),
        ("umbr", [[5], [], []]),
        ("is:unowned", [[5], [], []]),
        ("-is:unowned stage:new", [[3, 1, 2], [], []]),
        ("value>40k", [[3], [], [4]]),
        ("is:neglected late>2d", [[3, 1, 2, 5], [], [4]]),
        ("is:closed", [[6], [], []]),
        ("hooli", [[6], [], []]),  # nothing open matches
    ],
)
def test_what_is_found(hands: Hands, typed: str, found: list[list[int]]) -> None:
    hands.type(f"/{typed}")
    rest(hands)
    assert lists(hands) == found
    shown = sum(map(len, found))
    assert f"{shown} found" in preview(hands) or "nearly" in preview(hands)
    hands.type("⏎")
    assert hands.steering.prompt is None
    assert lists(hands) == found


def test_a_note_and_a_tag_are_found_as_soon_as_they_are_written(hands: Hands) -> None:
    hands.type("/zebra")
    rest(hands)
    assert lists(hands) == [[], [], []]
    hands.type("␛")
    desk = hands.desk
    desk.edit(2, "notes", "wants zebra stripes")
    desk.edit(4, "tags", "expo")
    hands.type("/zebra⏎")
    assert lists(hands) == [[2], [], []]
    hands.type("␛/expo⏎")
    assert lists(hands) == [[], [], [4]]
    desk.edit(4, "tags", "")
    hands.steering.follow()
    hands.type("␛/tag:expo")
    assert "0 found" in preview(hands)


def test_names_are_found_at_once_and_the_rest_when_it_is_read(hands: Hands, clock: Clock) -> None:
    hands = Hands(desk_over(hands.desk.store, clock))
    hands.type("/acme")
    assert lists(hands) == [[1, 2], [], []]
    assert "2 found · names so far" in preview(hands)
    rest(hands)
    assert lists(hands) == [[1, 2, 3], [], []]
    assert preview(hands).endswith("3 found")


def test_enter_waits_for_what_is_not_read_yet(hands: Hands, clock: Clock) -> None:
    hands = Hands(desk_over(hands.desk.store, clock))
    hands.type("/0958⏎")
    assert hands.id == 1
    assert hands.steering.prompt is None


def test_a_colleagues_item_is_found_where_nothing_shown_matches(hands: Hands, clock: Clock) -> None:
    ben = desk_over(hands.desk.store, clock, "ben")
    id = ben.add("Gus Orr @Quux").ids[0]
    hands.steering.follow()
    hands.type("/quux")
    assert hands.shown(0) == [id]
    assert "closed or colleagues'" in preview(hands)
    hands.type("⏎")
    assert hands.id == id


def test_the_cursor_goes_to_the_best_match_and_esc_gives_all_back(hands: Hands) -> None:
    hands.type("jj")
    before = hands.steering.lanes.cursors[:], hands.steering.lanes.focused, lists(hands)
    hands.type("/ini")
    assert (hands.steering.lanes.focused, hands.id) == (2, 4)
    hands.type("⌫⌫⌫owner:b␛")
    assert (hands.steering.lanes.cursors, hands.steering.lanes.focused, lists(hands)) == before


def test_what_makes_no_sense_is_said_while_typing_and_changes_nothing_shown(hands: Hands) -> None:
    for typed, said in (
        ("ini ownr:me", "did you mean owner:"),
        ("ini is:", "is: which? neglected"),
        ("ini late>x", "is no number of days"),
    ):
        hands.type("/ini")
        hands.steering.paste(typed.removeprefix("ini"))
        assert said in preview(hands)
        assert lists(hands) == [[], [], [4]]
        hands.type("⏎")
        assert said in preview(hands)
        hands.type("␛")


def test_tab_completes_what_there_is(hands: Hands) -> None:
    hands.type("/ow")
    hands.steering.take("tab")
    assert preview(hands).startswith("find: owner:   owner: which? me, nobody, ana, ben")
    hands.type("b")
    hands.steering.take("tab")
    assert preview(hands).startswith("find: owner:ben ")
    assert hands.shown(0) == [3]


def test_a_burst_finds_as_typing_does(hands: Hands) -> None:
    hands.type("/owner:me acme -bob⏎cn")
    assert "Acme #1: no answer" in hands.said


def test_the_next_match_is_found_in_all_lanes_and_when_nothing_is_filtered(hands: Hands) -> None:
    hands.type("/owner:ana value>1k⏎␛n")
    seen = [hands.id]
    hands.type("n")
    assert {*seen, hands.id} == {1, 4}


TEXTS = st.lists(
    st.sampled_from(
        [f"{field}:" for field in FIELDS]
        + [*STATES, "acme", "ana", "new", "10k", "2d", ">", "<", "-", '"', "e", " "]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.booleans())
def test_the_counts_are_the_rows_whatever_is_typed(text: str, everybodys: bool) -> None:
    clock = Clock()
    desk = desk_at("memory:", clock)
    small_world(desk)
    clock.pass_(days=10)
    hands = Hands(desk)
    if everybodys:
        hands.type("ga")
    hands.type("/")
    for char in text:
        hands.type(char)
        check_counts(hands)
    rest(hands)
    check_counts(hands)


def check_counts(hands: Hands) -> None:
    lanes = hands.steering.lanes
    for count, rows in zip(lanes.counts, lanes.rows, strict=True):
        assert count.total == len(rows) == len(list(rows))
        assert count.late == sum(row.late(lanes.now) for row in rows)
        assert count.triage == sum(Mark.TRIAGE in row.marks for row in rows)
        assert sum(count.worth.values()) == sum(row.value or 0 for row in rows)
    ids = [row.id for rows in lanes.rows for row in rows]
    assert len(ids) == len(set(ids))


# Views


def test_a_view_is_saved_opened_by_its_digit_and_undone(hands: Hands) -> None:
    hands.type("/value>40k⏎:view save Big ones⏎")
    assert hands.said == "saved view Big ones: value>40k; g 1 opens it"
    hands.type("␛g1")
    assert lists(hands) == [[3], [], [4]]
    assert hands.said == "view Big ones: 2 found"
    hands.type("␛:view big⏎")
    assert lists(hands) == [[3], [], [4]]
    hands.type("␛g2")
    assert "no view 2 yet" in hands.said
    hands.type("ug1")
    assert "no view 1 yet" in hands.said


def test_the_line_says_what_a_view_is_before_enter(hands: Hands) -> None:
    hands.type(":view save Big")
    assert "nothing is searched for" in preview(hands)
    hands.type("␛/value>40k⏎:view save Big")
    assert "→ Big: value>40k" in preview(hands)
    hands.type("⏎:view big")
    assert "→ value>40k" in preview(hands)
    hands.type("x")
    assert "no view 'bigx'" in preview(hands)
    hands.type("⌫⌫")
    hands.steering.take("tab")
    assert preview(hands).startswith(": view Big ")
    hands.type("␛:focus company:acme ow")
    hands.steering.take("tab")
    assert preview(hands).startswith(": focus company:acme owner: ")


def test_the_panel_opens_renames_shares_and_deletes(hands: Hands) -> None:
    hands.type(":views⏎")
    panel = hands.steering.panel
    assert isinstance(panel, Views)
    assert "No views yet." in panel.state().lines[0].text
    hands.type("␛/acme⏎:view save one⏎␛/value>1⏎:view save two⏎␛:views⏎jr⌫⌫⌫three⏎s")
    panel = hands.steering.panel
    assert isinstance(panel, Views)
    lines = [line.text.split() for line in panel.state().lines]
    assert lines == [["1", "one", "acme"], ["2", "three", "shared", "value>1"]]
    hands.type("kd")
    assert "deleted view one" in hands.said
    hands.type("⏎")
    assert hands.steering.panel is None
    assert hands.steering.lanes.text == "value>1"
    hands.type("uuu␛")
    assert [view.name for view in hands.desk.views()] == ["one", "two"]


# The focus


def test_a_focus_stands_in_the_header_until_its_day_has_passed(hands: Hands, clock: Clock) -> None:
    hands.type(":focus umbrella until +2d")
    assert "1 first until Sat 5 Dec" in preview(hands)
    hands.type("⏎")
    assert hands.shown(0)[0] == 5
    assert hands.steering.focus == "umbrella until Sat 5 Dec"
    again = Hands(desk_over(hands.desk.store, clock))  # after a restart
    assert (again.steering.focus, again.shown(0)[0]) == ("umbrella until Sat 5 Dec", 5)
    clock.pass_(days=3)
    hands.steering.pass_time()
    assert hands.steering.focus == ""
    assert hands.shown(0) == [3, 1, 2, 5]


def test_a_focus_by_a_phone_number_holds_when_that_is_read(hands: Hands, clock: Clock) -> None:
    hands = Hands(desk_over(hands.desk.store, clock))
    hands.type(":focus 7946⏎")
    rest(hands)
    assert hands.shown(0)[0] == 1


def test_a_focus_is_undone_and_known_to_my_other_screen(hands: Hands, clock: Clock) -> None:
    other = Hands(desk_over(hands.desk.store, clock))
    hands.type(":focus umbrella⏎")
    other.steering.follow()
    assert other.steering.focus == "umbrella"
    hands.type("u")
    hands.steering.follow()
    assert hands.steering.focus == ""


def test_a_focus_that_makes_no_sense_is_said_before_enter(hands: Hands) -> None:
    hands.type(":focus ownr:me")
    assert "did you mean owner:" in preview(hands)
    hands.type("␛:focus stage:new until nevermore")
    assert "is no date" in preview(hands)


def test_what_is_found_by_terms_stands_in_the_order_of_its_lane_as_that_changes(hands: Hands) -> None:
    hands.type("/stage:new⏎")
    assert hands.shown(0) == [3, 1, 2, 5]
    hands.type("GT")
    assert hands.shown(0) == [5, 3, 1, 2]
    hands.type("G+")
    assert hands.shown(0) == [5, 2, 3, 1]


def test_the_store_is_left_as_it_is_by_finding(hands: Hands) -> None:
    before = hands.desk.seq
    hands.type("/acme⏎nN␛#4⏎/is:closed␛")
    assert hands.desk.seq == before


def test_many_matches_move_under_a_burst_without_harm(clock: Clock) -> None:
    desk: Desk = desk_at("memory:", clock)
    for number in range(60):
        desk.add(f"Person {number} @Firm{number}")
    hands = Hands(desk)
    hands.type("/firm5⏎")
    assert len(hands.shown(0)) == 11
    assert hands.id == min(hands.shown(0), key=hands.shown(0).index)


# In a real terminal


def test_a_caller_is_found_by_number_and_a_view_outlives_the_day(tmp_path: Path) -> None:
    store = morning(tmp_path / "store" / "store.json")
    mine = at_desk(store)
    mine.edit(4, "phone", "+49 30 23125 017")
    mine.edit(5, "notes", "asked for the Zürich price list")
    mine.store.close()
    with start(store, 80, 24) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("/030 23125").until("1 found").until("Dorset")
        terminal.type("\x15zurich").until("1 found").until("Elmwood")
        terminal.type("\x15stag:new").until("did you mean stage:")
        terminal.type("\x15is:negl\t\r:view save red\r").until("g 1 opens it")
        terminal.type("\x1b").until(lambda t: "find" not in t.rows[0])
        terminal.type(":focus borealis until +5d\r").until(lambda t: "focus borealis" in t.rows[0])
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.leave()
    with start(store, 80, 24) as terminal:
        terminal.until("Borealis").until(lambda t: "focus borealis" in t.rows[0]).rest()
        assert terminal.row("Borealis") < terminal.row("Smithfield")
        terminal.type("g1").until("view red: 5 found")
        terminal.type("q")
        assert terminal.leave() == 0
