"""Working through a queue: the keys, what they hit, how it ends, and what a dropped line loses."""

from __future__ import annotations

import pytest
from desks import Clock, desk_over
from hands import Hands, stage, touches

from huntertui.commands import BY_NAME, COMMANDS
from huntertui.model.touch import Outcome
from huntertui.tui.card import TOUCHES
from huntertui.tui.panels import Help, Summary
from huntertui.tui.picture import Pictures, Room
from huntertui.tui.steering import Seen
from huntertui.tui.working import WORKS_TOO


def in_hand(hands: Hands) -> int | None:
    return hands.steering.in_hand if hands.steering.working else None


def card(hands: Hands, width: int = 80, lines: int = 20) -> str:
    pictures = Pictures(hands.steering, {}, demo=False)
    pictures.tell()
    overlay = pictures.make(Room(status=(width, 1), overlay=lines)).overlay
    return "\n".join((overlay.title, *(line.text for line in overlay.lines))) if overlay else ""


def summary(hands: Hands) -> str:
    panel = hands.steering.panel
    assert isinstance(panel, Summary)
    return "\n".join(line.text for line in panel.state().lines)


def test_outcomes_go_on_by_themselves_and_end_with_a_summary(hands: Hands) -> None:
    hands.type("W")
    assert in_hand(hands) == 3
    hands.type("cn")
    assert "Globex #3: no answer" in hands.said
    assert in_hand(hands) == 1
    hands.type("ct⏎")
    assert in_hand(hands) == 2
    hands.type("n")
    assert (in_hand(hands), touches(hands.desk, 2)) == (5, 0)
    hands.type("xlp")
    assert stage(hands.desk, 5) == "lost"
    assert not hands.steering.working
    assert summary(hands).split("\n") == [
        "done     3 of 4: no answer 1 · talked 1 · price 1",
        "skipped  1",
        "left     1; W goes on with them",
    ]
    hands.type("j")  # a key that does something does it
    assert hands.steering.panel is None


def test_what_is_no_outcome_stays_with_the_item(hands: Hands) -> None:
    hands.type("Wj+cohello⏎T>")
    assert in_hand(hands) == 3
    assert stage(hands.desk, 3) == "attempting"
    assert touches(hands.desk, 3) == 0


def test_prompts_and_repeats_hit_what_is_in_hand(hands: Hands) -> None:
    hands.type("Wstu⏎.")
    assert hands.said.startswith("Acme #1: call, Tue 8 Dec")
    assert in_hand(hands) == 2
    hands.type("sfoo⏎")
    assert hands.steering.prompt is not None
    assert hands.type("␛").steering.prompt is None
    assert in_hand(hands) == 2


def test_undo_brings_the_item_back(hands: Hands) -> None:
    hands.type("Wcncnu")
    assert in_hand(hands) == 1
    assert touches(hands.desk, 1) == 0
    assert hands.desk.queue is not None
    assert dict(hands.desk.queue.done) == {3: "no answer"}
    hands.type("u")
    assert in_hand(hands) == 3


def test_redo_deals_with_it_again(hands: Hands) -> None:
    hands.type("Wcnu^r")
    assert "redone: Globex #3: no answer" in hands.said
    assert in_hand(hands) == 1
    hands.type("+u^r")  # no outcome: the item stays in hand
    assert in_hand(hands) == 1


def test_back_shows_what_is_done(hands: Hands) -> None:
    hands.type("WxwN")
    assert in_hand(hands) == 3
    assert "done: won" in card(hands)
    hands.type("cn")
    assert hands.said == "there is no row here to do that with"
    hands.type("nNNN")
    assert hands.said == "this is the first one"
    assert hands.desk.queue is not None
    assert not hands.desk.queue.skips  # what is done cannot be skipped


def test_the_third_skip_of_a_day_is_said(hands: Hands, clock: Clock) -> None:
    for _ in range(3):
        hands.type("3WWn␛")
    hands.type("W")
    assert "skipped 3 times today" in card(hands)
    hands.type("q")
    assert "Initech #4: 3 times" in summary(hands)
    hands.type("q")
    clock.pass_(days=1)
    assert "skipped" not in card(hands.type("W"))


def test_a_queue_goes_on_in_another_process(hands: Hands, clock: Clock) -> None:
    hands.type("Wcnn")
    hands.steering.follow()  # the keys rest
    again = Hands(desk_over(hands.desk.store, clock)).type("2W")
    assert in_hand(again) == 2
    assert again.said == "on with Prospects, 3 of 4; W begins anew with Follow-ups"
    again.type("W")
    assert again.said == "there is nothing here to work through"
    again.type("␛␛1WW")
    assert in_hand(again) == 1  # the red ones come first


def test_an_act_keeps_the_place_in_its_own_record(hands: Hands, clock: Clock) -> None:
    hands.type("W")
    before = hands.desk.seq
    hands.type("cn")
    assert hands.desk.seq == before + 1
    assert in_hand(Hands(desk_over(hands.desk.store, clock)).type("W")) == 1


def test_what_colleagues_finish_drops_out_and_nothing_pushes_in(hands: Hands, clock: Clock) -> None:
    hands.type("W")
    seen = Seen(hands.desk.seq, None)
    ben = desk_over(hands.desk.store, clock, "ben")
    clock.pass_(minutes=1)
    ben.log(3, Outcome.TALKED)
    ben.claim(5)
    hands.desk.add("Gil Roe @Zeta")
    hands.steering.follow()
    assert in_hand(hands) == 1
    assert "Globex #3 has been dealt with" in hands.said
    assert "1 of 2" in card(hands)
    for key in "cn":  # typed before that was shown
        hands.steering.take(key, seen)
    assert touches(hands.desk, 1) == 0
    assert "gone elsewhere" in hands.said


def test_a_refused_act_stays_with_the_item(hands: Hands) -> None:
    hands.type("W").type("xm#99⏎␛")
    assert in_hand(hands) == 3
    assert hands.desk.queue is not None
    assert not hands.desk.queue.done


def test_what_is_handed_over_is_done(hands: Hands) -> None:
    hands.type("Wnocat⏎")
    assert in_hand(hands) == 2
    assert hands.desk.queue is not None
    assert dict(hands.desk.queue.done) == {1: "owner"}


@pytest.mark.parametrize(
    ("keys", "name", "ids"),
    [
        ("W", "Prospects", (3, 1, 2, 5)),
        ("3W", "Closing", (4,)),
        ("/bob⏎W", "find bob", (2,)),
        ("3!W", "only", (4, 3, 1, 2, 5)),
        ("/hooli⏎W", "", ()),
    ],
)
def test_the_queue_is_what_is_shown(hands: Hands, keys: str, name: str, ids: tuple[int, ...]) -> None:
    hands.type(keys)
    queue = hands.desk.queue
    assert (queue.ids if queue else ()) == ids
    if queue and name != "only":
        assert queue.name == name


def test_the_card(hands: Hands, clock: Clock) -> None:
    desk = hands.desk
    for at in range(4):
        clock.pass_(minutes=1)
        desk.log(1, Outcome.NO_ANSWER, note=f"try {at}")
    desk.edit(1, "notes", "asked for a demo\n\nlikes blue\nthird line")
    desk.edit(1, "role", "CTO")
    desk.note(1, "call after lunch")
    shown = card(hands.type("/acme⏎W").type("n" if in_hand(hands) == 2 else ""))
    for words in (
        "Work through find acme · ",
        "Ann Lee, CTO · Acme",
        "Next: email 2/6",
        "1  +44 20 7946 0958",
        "ann@acme.example",
        "also at Acme: 1 item, ana",
        "asked for a demo\nlikes blue\nnoted: call after lunch",
    ):
        assert words in shown
    assert shown.count("no answer: try") == TOUCHES
    assert "try 0" not in shown
    assert "third line" not in shown


@pytest.mark.parametrize("name", [c.name for c in COMMANDS if not (c.changes or c.name in WORKS_TOO)])
def test_what_has_to_wait_says_so(hands: Hands, name: str) -> None:
    steering = hands.type("W").steering
    steering.say("")
    steering.guarded(lambda: steering.run(BY_NAME[name]))
    steers = name in ("find-next", "lane-right", "back", "leave", "work-through", "down", "up", "page-down")
    if steers or name in ("find-previous", "lane-left", "page-up"):
        return
    assert hands.said == f"{name} has to wait: Esc ends working through"
    assert (in_hand(hands), steering.prompt, steering.panel) == (3, None, None)


def test_the_command_line_acts_on_what_is_in_hand(hands: Hands) -> None:
    hands.type("Wn:go-to 4⏎")
    assert hands.steering.prompt is not None  # it says why
    hands.type("␛:note hello⏎")
    assert hands.said == "noted on Acme #1"


def test_a_number_is_copied_by_its_digit(hands: Hands) -> None:
    hands.desk.edit(1, "phone", "+44 20 7946 0958, +44 20 7946 0001")
    hands.type("Wny2")
    assert hands.copied == ["+44 20 7946 0001"]
    hands.type("y3")
    assert hands.said == "there is no number 3 here: 2 to copy"
    hands.type("yp1")
    assert hands.copied[-1] == "+44 20 7946 0958"


def test_a_selection_is_a_queue(hands: Hands) -> None:
    hands.type(" j W")
    assert hands.desk.queue is not None
    assert (hands.desk.queue.name, hands.desk.queue.ids) == ("2 selected", (3, 2))
    hands.type("cn")
    assert (touches(hands.desk, 3), touches(hands.desk, 2)) == (1, 0)


def test_numbers_on_the_card_are_links(hands: Hands) -> None:
    hands.type("Wn")
    pictures = Pictures(hands.steering, {}, demo=False)
    overlay = pictures.make(Room(status=(80, 1), overlay=20)).overlay
    assert overlay is not None
    [line] = [line for line in overlay.lines if line.text.startswith("1  ")]
    assert ("+44 20 7946 0958", "tel:+442079460958") in line.links


def test_help_lies_over_it(hands: Hands) -> None:
    hands.type("W?")
    assert isinstance(hands.steering.panel, Help)
    hands.type("␛")
    assert in_hand(hands) == 3


def test_a_lost_line_keeps_the_place(hands: Hands) -> None:
    hands.type("Wn").steering.hang_up()
    assert hands.desk.todays_queue() == hands.desk.queue
