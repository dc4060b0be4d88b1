"""What each key does to the workday, on a real desk over a store in memory; no terminal and no widgets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desks import Clock, desk_at, desk_over, small_world
from hands import Hands, stage, touches
from painting import Endless

from huntertui.actions import ACTIONS
from huntertui.commands import BY_NAME, COMMANDS, Command, by_sequence
from huntertui.errors import Busy, StoreError
from huntertui.model.opportunity import Priority
from huntertui.tui.panels import Choices, Help

# The goals, in keystrokes with the row selected


@pytest.mark.parametrize(
    ("keys", "goal", "said"),
    [
        ("cn", 2, "Acme #1: no answer · next email 2/6"),
        ("stu⏎", 4, "Acme #1: call, Tue 8 Dec"),
        ("+", 1, "Acme #1: priority high"),
        ("T", 1, "Acme #1: on top of today's plan"),
        ("f", 1, "Acme #1: new -> contacted"),
        ("xw", 2, "won Acme #1"),
        ("xlp", 3, "lost Acme #1 (price)"),
        ("aAnn Lee @zeta tu⏎", 19, "added zeta #7"),
        ("bdec15 h⏎", 10, "parked until Tue 15 Dec"),
        ("t4", 2, "Acme #1: new -> qualified"),
        ("mp", 2, "Acme #1 is there already (new)"),
        ("p1", 2, "Acme #1: priority urgent"),
        ("p0", 2, "Acme #1: priority normal"),
        (",tue send the offer⏎", 21, "send the offer"),
        ("ocat⏎", 5, "ana -> cat"),
        ("cohello⏎", 8, "noted on Acme #1"),
        ("xlobad fit⏎", 12, "lost Acme #1 (other)"),
        ("crd" + "tue⏎", 7, "Acme #1: replied · next"),
        ("cr⏎", 3, "Acme #1: replied"),
        ("crn", 3, "Acme #1: replied"),
        ("cbtue 10:00⏎", 12, "Acme #1: callback · next call, Tue 8 Dec 10:00"),
        ("cmtue 10:00⏎", 12, "Acme #1: meeting booked · next meeting, Tue 8 Dec 10:00"),
        ("cttue demo⏎", 11, "Acme #1: talked · next demo, Tue 8 Dec"),
        ("ct⏎", 3, "Acme #1: talked · next call, Fri 4 Dec"),
        ("ct␛", 3, "Acme #1: talked · no next step"),
    ],
)
def test_goals(hands: Hands, keys: str, goal: int, said: str) -> None:
    assert len(keys) <= goal
    hands.type("j").type(keys)
    assert said in hands.said
    assert hands.steering.prompt is None


def test_stage_and_close_date_hit_the_same_deal(hands: Hands) -> None:
    hands.type("1/bob⏎␛")
    assert hands.id == 2
    hands.type("t4>wdec15⏎")  # from qualified to meeting: into another lane, and the cursor with it
    assert "Acme #2: closes Tue 15 Dec" in hands.said
    assert (hands.steering.lanes.focused, hands.id) == (2, 2)


def test_undo_and_redo_name_and_show_their_record(hands: Hands) -> None:
    hands.type("jcn").type("3u")
    assert hands.said.startswith("undone: Acme #1: no answer")
    assert hands.id == 1
    assert touches(hands.desk, 1) == 0
    hands.type("^r")
    assert hands.said.startswith("redone: Acme #1: no answer")
    assert touches(hands.desk, 1) == 1


def test_every_changing_key_is_undone_whole(hands: Hands) -> None:
    before = hands.desk.opportunity(1)
    for keys in ("cn", "ct⏎", "stu⏎", "+", "p1", "f", "t6", "xw", "xlp", "xq", "bdec15 h⏎", "i", "ob⏎"):
        hands.type("#1⏎").type(keys)
        if hands.steering.look != "neglected":
            hands.type("u")
        assert hands.desk.opportunity(1) == before, keys


# Where the cursor goes


def test_after_work_the_cursor_is_on_the_next_row(hands: Hands) -> None:
    hands.type("jcn")
    assert hands.id == 2
    hands.type(".")
    assert hands.said.startswith("Acme #2: no answer")
    assert hands.id == 5
    assert (touches(hands.desk, 1), touches(hands.desk, 2)) == (1, 1)


def test_after_the_last_row_the_cursor_is_on_the_one_before(hands: Hands) -> None:
    hands.type("Gxw")
    assert hands.said.startswith("won Umbrella #5")
    assert hands.id == 2


@pytest.mark.parametrize("keys", ["+", "p1", "T", "J", "wdec15⏎", "i", ",tue x⏎", "cohi⏎", "cd", "cw"])
def test_after_planning_the_cursor_stays_on_its_record(hands: Hands, keys: str) -> None:
    hands.type("G").type(keys)
    assert hands.id == 5


def test_the_cursor_stays_on_its_record_and_line_when_a_colleague_moves_it(
    hands: Hands, clock: Clock
) -> None:
    for name in "abcdefghijklmnop":
        hands.desk.add(f"{name} @{name}{name}")
    lanes = hands.steering.lanes
    lanes.read()
    lanes.resize(5)
    hands.type("jjjjjjjkk")  # in the middle of the page
    id, cursor = hands.id, lanes.cursors[0]
    ben = desk_over(hands.desk.store, clock, "ben")
    last = lanes.rows[0][len(lanes.rows[0]) - 1].id
    ben.set_priority(last, Priority.URGENT)  # comes in above the cursor
    assert hands.steering.follow()
    after = lanes.cursors[0]
    assert hands.id == id
    assert (after.index, after.index - after.top) == (cursor.index + 1, cursor.index - cursor.top)
    assert f"#{last}" in hands.said
    assert id is not None
    ben.win(id)  # the very record
    hands.steering.follow()
    assert hands.id != id
    assert lanes.cursors[0].index == after.index


def test_only_what_a_screen_may_show_is_copied(hands: Hands) -> None:
    lanes, rows = hands.steering.lanes, Endless(100_000)
    lanes.rows[0] = rows
    lanes.move(50_000)
    assert [row.id for row in lanes.visible(0).rows][:2] == [49_991, 49_992]
    asked = rows.asked
    assert asked <= 2 * lanes.page + 10
    lanes.visible(0)
    assert rows.asked <= asked + 1


def test_my_other_screen_is_followed_too(hands: Hands, clock: Clock) -> None:
    hands.steering.follow()
    assert not hands.steering.follow()
    me = desk_over(hands.desk.store, clock, "ana")
    me.win(1)
    assert hands.steering.follow()
    assert hands.shown(0) == [3, 2, 5]


def test_time_turns_rows_red(clock: Clock) -> None:
    desk = desk_at("memory:", clock)
    small_world(desk)
    hands = Hands(desk)
    assert hands.steering.lanes.counts[0].late == 0
    clock.pass_(days=10)
    hands.steering.pass_time()
    assert hands.steering.lanes.counts[0].late == 4


# Finding


def test_find_is_live_and_keeps_until_escape(hands: Hands) -> None:
    hands.type("/um")
    assert hands.shown(0) == [5]
    assert hands.id == 5
    hands.type("⏎")
    assert hands.shown(0) == [5]
    hands.type("␛")
    assert hands.shown(0) == [3, 1, 2, 5]
    assert hands.id == 5  # what was found stays selected


def test_leaving_the_search_goes_back_to_where_it_began(hands: Hands) -> None:
    hands.type("j/um␛")
    assert hands.id == 1
    assert not hands.steering.lanes.filtered


def test_find_shows_closed_ones_and_reopens_them(hands: Hands) -> None:
    hands.type("/hooli⏎")
    assert hands.id == 6
    hands.type("xo")
    assert hands.said.startswith("reopened Hooli #6")
    assert hands.id == 6


def test_a_search_that_makes_no_sense_says_why(hands: Hands) -> None:
    hands.type("/ownr:ben")
    assert hands.steering.prompt is not None
    assert "owner:" in hands.steering.prompt.state(200).text
    hands.type("⏎")
    assert hands.steering.prompt is not None
    hands.type("␛/nobody at all⏎")
    assert hands.steering.prompt is not None  # nothing matches: the words can be put right
    assert hands.shown(0) == [3, 1, 2, 5]


def test_next_and_previous_match_go_through_all_lanes(hands: Hands) -> None:
    hands.type("n")
    assert "nothing searched for yet" in hands.said
    hands.type("/company:acme⏎␛")
    assert hands.id == 1
    hands.type("n")
    assert hands.id == 2
    hands.type("n")
    assert hands.id == 1
    hands.type("N")
    assert hands.id == 2


@pytest.mark.parametrize(
    ("keys", "rows"), [("!", [3, 1, 2, 5]), ("gu", [5]), ("gm", [1, 2]), ("gt", [3, 1, 2, 5])]
)
def test_filters_toggle_and_count_what_they_show(hands: Hands, keys: str, rows: list[int]) -> None:
    lanes = hands.steering.lanes
    hands.type(keys)
    assert hands.shown(0) == rows
    assert lanes.counts[0].total == len(rows)
    assert lanes.counts[0].late == sum(row.late(lanes.now) for row in lanes.rows[0])
    hands.type(keys)
    assert not lanes.filtered


def test_all_is_shown_and_hidden_again(hands: Hands, clock: Clock) -> None:
    ben = desk_over(hands.desk.store, clock, "ben")
    id = ben.add("Gus Orr @Quux").ids[0]
    hands.steering.follow()
    assert id not in hands.shown(0)
    hands.type(f"#{id}⏎")
    assert "is not shown here: g a" in hands.steering.prompt.state(200).text if hands.steering.prompt else ""
    hands.type("␛ga")
    assert id in hands.shown(0)
    hands.type("ga")
    assert id not in hands.shown(0)


def test_a_number_is_gone_to(hands: Hands) -> None:
    hands.type("#4⏎")
    assert (hands.id, hands.steering.lanes.focused) == (4, 2)
    hands.type("/umb⏎#1⏎")  # hidden by a filter: it is dropped
    assert hands.id == 1
    for wrong, said in (
        ("99", "there is no #99"),
        ("x", "is no number"),
        ("6", "lost"),
        ("9" * 30, "is no number"),
    ):
        hands.type(f"#{wrong}⏎")
        assert hands.steering.prompt is not None
        assert said in hands.steering.prompt.state(200).text
        hands.type("␛")


def test_the_next_neglected_row_is_gone_to(hands: Hands) -> None:
    hands.type("Ggr")
    assert hands.id == 4
    hands.type("gr")
    assert hands.id == 3


def test_a_focus_puts_matches_first_and_ends(hands: Hands) -> None:
    hands.type(":focus umbrella⏎")
    assert hands.shown(0)[0] == 5
    assert hands.steering.focus == "umbrella"
    hands.type(":focus⏎⏎")
    assert hands.steering.focus == ""
    assert hands.shown(0) == [3, 1, 2, 5]


# Keys that run nothing


def test_an_unknown_key_in_a_sequence_does_nothing_else(hands: Hands) -> None:
    hands.type("jc")
    assert hands.steering.keys.pending.startswith("log: ")
    hands.type("+" if "+" not in by_log() else "j")
    assert "no command" in hands.said
    assert hands.id == 1
    hands.type("xl␛")
    assert hands.said == "cancelled"
    assert stage(hands.desk, 1) == "new"


def by_log() -> set[str]:
    node = by_sequence()["c"]
    assert isinstance(node, dict)
    return set(node)


def test_leaks_change_nothing(hands: Hands) -> None:
    before = hands.desk.store.seq
    for leak in ("[A", "OP", "[1;5D", "[?2026;2$y␛", "]11;rgb:0000/␛", "[M !!"):
        hands.steering.take("escape")
        for key in leak:
            hands.type(key)
        hands.type("␛␛")
    assert hands.desk.store.seq == before


def test_pasted_text_runs_no_commands(hands: Hands) -> None:
    before = hands.desk.store.seq
    hands.steering.paste("xwxlpcn")
    assert hands.desk.store.seq == before
    hands.type("a")
    hands.steering.paste("Zed Ott\n@paste")
    hands.type("⏎")
    assert "added paste #7" in hands.said


# Errors


def test_what_cannot_be_done_now_is_said(hands: Hands) -> None:
    hands.type("2cn")
    assert "no row" in hands.said
    assert hands.steering.look == "neglected"
    hands.type("1ji")
    assert "yours already" in hands.said
    hands.type("cc")
    assert "was no touch" in hands.said
    hands.type("^r")
    assert "nothing to redo" in hands.said


def test_a_store_in_trouble_is_no_crash(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise Busy("ben holds the store")

    def broken(*_: object) -> None:
        raise StoreError("the disk: nothing was changed (Input/output error)")

    for trouble in (busy, broken):
        monkeypatch.setattr(hands.desk.store, "transact", trouble)
        hands.type("jcn")
        assert hands.steering.look == "neglected"
        assert "ben holds" in hands.said or "Input/output" in hands.said
        hands.type("ct⏎")
        assert hands.steering.prompt is not None  # nothing typed is lost
        hands.type("␛")


# Prompts, panels, the command line


def test_a_hang_up_keeps_a_touch_whose_next_step_was_being_typed(hands: Hands) -> None:
    hands.type("jcttu")
    hands.steering.hang_up()
    assert touches(hands.desk, 1) == 1


def test_a_wrong_touch_is_corrected_in_place(hands: Hands) -> None:
    hands.type("jcn").type("cc")
    assert hands.steering.keys.pending.startswith("log: ")
    assert hands.id == 1
    hands.type("v")
    assert hands.said.startswith("Acme #1: voicemail")
    assert touches(hands.desk, 1) == 1


def test_help_lists_every_command_and_filters(hands: Hands) -> None:
    hands.type("?")
    assert isinstance(hands.steering.panel, Help)
    text = "\n".join(line.text for line in hands.steering.panel.state().lines)
    assert all(f"({command.name})" in text for command in COMMANDS)
    hands.type("voicemail")
    assert [line.text.split()[:2] for line in hands.steering.panel.state().lines] == [["c", "v"]]


def test_choices_are_listed_and_the_next_key_is_one_of_them(hands: Hands) -> None:
    hands.type("jc?")
    assert isinstance(hands.steering.panel, Choices)
    hands.type("n")
    assert hands.said.startswith("Acme #1: no answer")
    assert hands.steering.panel is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("snooze tue", "Acme #1: call, Tue 8 Dec"),
        ("close-won", "won Acme #1"),
        ("value 12k", "value is now 12k"),
        ("log-v", "voicemail"),
        ("add Ann Lee @zeta", "added zeta"),
        ("stage proposal", "new -> proposal"),
    ],
)
def test_the_command_line_takes_names_and_answers(hands: Hands, line: str, said: str) -> None:
    hands.type(f"j:{line}⏎")
    assert said in hands.said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("snoze", "no command"),
        ("log", "which one?"),
        ("undo it", "takes no words"),
        ("stage propsal", "proposal"),
        ("snooze 99x", "99x"),
    ],
)
def test_the_command_line_says_what_it_did_not_take(hands: Hands, line: str, said: str) -> None:
    hands.type(f"j:{line}⏎")
    assert hands.steering.prompt is not None
    assert said in hands.steering.prompt.state(300).text


def test_copies(hands: Hands) -> None:
    hands.type("jypyeyn")
    assert hands.copied == ["+44 20 7946 0958", "ann@acme.example", "Ann Lee"]
    hands.type("Gyp")
    assert "no number to copy" in hands.said


def test_reading_scrolls_and_goes_back(hands: Hands) -> None:
    hands.type("j⏎jjk")
    assert hands.steering.reading
    assert (hands.steering.detail_top, hands.id) == (1, 1)
    hands.type("+")  # work goes on with the record that is read
    assert "Acme #1" in hands.said
    hands.type("q")
    assert hands.left == 0
    hands.type("j")  # the board has the arrow keys again; #1 has come to its top
    assert hands.id == 3


@pytest.mark.parametrize("keys", ["q", "^q", "^c^c", "j/um^q", "?^q", "c^q", "a^q"])
def test_ways_out(hands: Hands, keys: str) -> None:
    hands.type(keys)
    assert hands.left == 1


def test_every_command_does_something() -> None:
    done = by_name(lambda command: command.name in ACTIONS)
    clock = Clock()
    views = Hands(desk_at("memory:", clock)).steering._views
    assert done | set(views) == set(BY_NAME)
    assert not done & set(views)


def by_name(holds: Callable[[Command], bool]) -> set[str]:
    return {command.name for command in COMMANDS if holds(command)}
