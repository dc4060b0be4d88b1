"""Selecting rows, and acting on all of them: as keys on a steering, without a terminal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from desks import NOW, Clock, desk_at, desk_over, everything, small_world
from hands import Hands
from hypothesis import given, settings
from hypothesis import strategies as st

from huntertui.actions import ACTIONS
from huntertui.actions.many import ONE_BY_ONE, words_of
from huntertui.commands import BY_NAME
from huntertui.desk import Desk
from huntertui.desk.ledger import Change
from huntertui.errors import HunterError
from huntertui.model.opportunity import Contact, Opportunity, Priority
from huntertui.model.touch import Outcome
from huntertui.tui.copying import LONGEST


def chosen(hands: Hands) -> list[int]:
    lanes = hands.steering.lanes
    return lanes.selection.ordered(lanes.rows)


@pytest.mark.parametrize(
    ("keys", "ids"),
    [
        (" ", [3]),
        ("   ", [3, 1, 2]),
        (" k ", []),  # the same row again
        ("vj", [3, 1]),
        ("vjjj", [3, 1, 2, 5]),
        ("vjjk", [3, 1]),
        ("jvk", [3, 1]),
        ("jjvkkjjj", [2, 5]),  # through its beginning and out at the other end
        ("vjvj", [3, 1]),  # ended: the cursor goes on alone
        (" jvj", [3, 2, 5]),
        (" jjvkj", [3, 5]),  # going back lets go what the range took, not what was selected before
        ("vG", [3, 1, 2, 5]),
        ("Gvgg", [3, 1, 2, 5]),
        ("V", [3, 1, 2, 5]),
        ("3V1 ", [3, 4]),
        (" 3 ", [3, 4]),
        ("vj3j", [3, 1]),  # another lane ends the range
        ("/acme⏎V", [1, 2, 3]),
        ("!V", [3, 1, 2, 5, 4]),  # all that a filter shows, in all lanes
        ("V␛", []),
        (" ␛gv", [3]),
    ],
)
def test_what_is_selected(hands: Hands, keys: str, ids: list[int]) -> None:
    hands.type(keys)
    assert chosen(hands) == ids
    assert len(hands.steering.lanes.selection) == len(ids)


def test_escape_drops_the_selection_before_the_filter(hands: Hands) -> None:
    hands.type("/acme⏎V␛")
    assert (chosen(hands), hands.shown(0)) == ([], [1, 2, 3])
    hands.type("␛")
    assert hands.shown(0) == [3, 1, 2, 5]


def test_a_filter_takes_what_it_hides_out_of_the_selection(hands: Hands) -> None:
    hands.type("V/acme⏎␛")
    assert hands.shown(0) == [1, 2, 3]
    assert chosen(hands) == []  # Esc took it; before that only what was shown
    hands.type("␛V/acme⏎")
    assert chosen(hands) == [1, 2, 3]


def test_what_a_colleague_takes_away_leaves_the_selection(hands: Hands, clock: Clock) -> None:
    ben = desk_over(hands.desk.store, clock, "ben")
    hands.type("V")
    ben.win(2)
    hands.steering.follow()
    assert chosen(hands) == [3, 1, 5]


def test_what_a_colleague_adds_into_a_range_is_not_selected_unseen(hands: Hands, clock: Clock) -> None:
    ben = desk_over(hands.desk.store, clock, "ben")
    hands.type("vjj")
    before = chosen(hands)
    ben.set_priority(5, Priority.URGENT)  # now it stands among them
    hands.steering.follow()
    assert sorted(chosen(hands)) == sorted(before)


# Acting


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("cn", "logged no answer on 3"),
        ("stue⏎", "snoozed 3 to Tue 8 Dec"),
        ("s⏎", "snoozed 3 to its own day"),
        ("sdec15 on holiday⏎", "snoozed 3 to Tue 15 Dec (on holiday)"),
        ("bdec15 h⏎", "parked 3 until Tue 15 Dec (on holiday)"),
        ("+", "raised 3"),
        ("p1", "set the priority of 3 to urgent"),
        ("T", "3 on top of today's plan"),
        ("J", "3 in today's plan"),
        ("f", "moved 3 to follow-ups"),
        (">", "moved 3 a stage on"),
        ("t4", "moved 3 to qualified"),
        ("xw", "won 3"),
        ("xlp", "lost 3 (price)"),
        ("xlobad fit⏎", "lost 3 (other)"),
        ("xq", "disqualified 3"),
        ("xd", "closed 3 as duplicates"),
        ("xvjan 15⏎", "lost 3, back Fri 15 Jan"),
        ("ocat⏎", "gave 3 to cat"),
        ("o-⏎", "gave 3 to -"),
        ("cohello⏎", "noted on 3"),
        ("cbtue 10:00⏎", "logged call back on 3"),
        ("ct␛", "logged talked on 3"),
        (",tue send the offer⏎", "set the next step of 3: Tue 8 Dec (send the offer)"),
        ("wdec15⏎", "3 close Tue 15 Dec"),
        ("@hot -cold⏎", "tagged 3: hot -cold"),
        (":value 12k⏎", "set the value of 3 to 12k"),
        (":snooze tue⏎", "snoozed 3 to Tue 8 Dec"),
    ],
)
def test_one_change_and_one_undo_for_all(hands: Hands, keys: str, said: str) -> None:
    before, seq = everything(hands.desk.store), hands.desk.seq
    hands.type("   ").type(keys)
    assert hands.said.startswith(said), hands.said
    assert hands.steering.prompt is None
    assert hands.desk.seq == seq + 1
    assert chosen(hands) == []
    hands.type("u")
    assert hands.said.startswith(f"undone: {said}")
    assert everything(hands.desk.store) == before


def test_a_claim_of_many_takes_what_is_nobodys(hands: Hands) -> None:
    hands.type("Vi")
    assert hands.said.startswith(
        "took 2; 2 left as they are (g l tells all): #1 is yours already, #2 is yours already"
    )
    o = hands.desk.opportunity(5)
    assert o is not None
    assert o.owner == "ana"


def test_why_more_were_left_is_listed(hands: Hands) -> None:
    hands.desk.claim(5)
    hands.desk.assign(3, "ana")
    hands.type("!V")
    hands.desk.assign(5, "-")
    hands.type("i")
    assert "4 left as they are (g l tells all): " in hands.said
    assert hands.said.count("#") == 3
    hands.type("gl")
    assert hands.steering.panel is not None
    told = [line.text for line in hands.steering.panel.state().lines]
    assert told == [f"{name} is yours already" for name in ("Globex #3", "Acme #1", "Acme #2", "Initech #4")]


def test_where_nothing_can_take_it_nothing_changes(hands: Hands) -> None:
    seq = hands.desk.seq
    hands.type("  mp")
    assert hands.said == (
        "nothing changed; 2 left as they are (g l tells all): "
        "#3 is there already (new), #1 is there already (new)"
    )
    assert hands.desk.seq == seq
    assert chosen(hands) == [3, 1]


def test_a_wrong_answer_stays_in_the_prompt(hands: Hands) -> None:
    seq = hands.desk.seq
    hands.type("  s99x⏎")
    assert hands.steering.prompt is not None
    assert hands.desk.seq == seq
    hands.type("⌫⌫⌫tue⏎")
    assert hands.said.startswith("snoozed 2 to Tue 8 Dec")


def test_a_colleague_was_quicker_with_one_of_them(hands: Hands, clock: Clock) -> None:
    ben = desk_over(hands.desk.store, clock, "ben")
    hands.type("   s")
    ben.snooze(1, "fri")
    hands.type("tue⏎")
    assert hands.said.startswith("snoozed 2 to Tue 8 Dec; 1 left as it is: #1 ben set the next step to")
    hands.type("u")
    o = hands.desk.opportunity(1)
    assert o is not None
    assert o.next is not None
    assert str(o.next.due) == "2026-12-04"


def test_all_gone_while_the_answer_was_typed(hands: Hands, clock: Clock) -> None:
    ben = desk_over(hands.desk.store, clock, "ben")
    hands.type("j  s")
    ben.win(1)
    ben.win(2)
    hands.steering.follow()
    seq = hands.desk.seq
    hands.type("tue⏎")
    assert hands.desk.seq == seq
    assert hands.steering.prompt is not None
    assert "gone: nothing was done" in hands.steering.prompt.state(200).text


def test_a_repeat_acts_on_the_selection(hands: Hands) -> None:
    hands.type("stue⏎").type("gg  .")
    assert hands.said.startswith("snoozed 2 to Tue 8 Dec")
    hands.type("gv+")
    assert hands.said.startswith("raised 2")


def test_one_selected_row_is_the_one_that_is_meant(hands: Hands) -> None:
    hands.type(" jj").type("p1")
    assert hands.said == "Globex #3: priority urgent"
    assert chosen(hands) == []


def test_what_acts_on_one_row_says_so(hands: Hands) -> None:
    seq = hands.desk.seq
    for keys in ("xm", "c+", "cx"):
        hands.type("V").type(keys)
        assert "takes one row" in hands.said
        assert hands.desk.seq == seq


def test_the_cursor_goes_on_to_what_was_not_selected(hands: Hands) -> None:
    hands.type("vjcn")
    assert hands.id == 2


def test_the_plan_takes_the_rows_in_their_order(hands: Hands) -> None:
    hands.type("GTggj  T")
    assert hands.shown(0) == [3, 1, 5, 2]
    hands.type("gvX")
    assert hands.said == "2 off today's plan"
    assert hands.shown(0)[0] == 5
    hands.type("gvJ")
    assert hands.shown(0)[:3] == [5, 3, 1]


def test_every_change_has_words_of_its_own(hands: Hands) -> None:
    for name in ACTIONS:
        if name not in ONE_BY_ONE:
            words = words_of(BY_NAME[name], "tue", hands.desk)(12)
            assert "12" in words
            assert "{" not in words


def test_tags_are_put_on_and_taken_off(hands: Hands) -> None:
    hands.type("@hot, big⏎")
    assert hands.said == "Globex #3: tags hot, big"
    hands.type("  @-HOT new Big⏎")
    assert hands.said == "tagged 2: -HOT new Big"
    o, other = hands.desk.opportunity(3), hands.desk.opportunity(1)
    assert o is not None
    assert other is not None
    assert (o.tags, other.tags) == (("big", "new"), ("new", "Big"))
    hands.type("@-⏎")
    assert hands.steering.prompt is not None


# Copying


def with_numbers(desk: Desk, id: int, numbers: str) -> None:
    desk.edit(id, "phone", numbers)


def test_of_several_numbers_the_digit_says_which(hands: Hands) -> None:
    with_numbers(hands.desk, 1, "+44 1, +44 2, +44 3")
    hands.type("jyp")
    assert hands.copied == []
    hands.type("2")
    assert hands.copied == ["+44 2"]
    assert hands.steering.panel is None
    hands.type("yp␛")
    assert hands.copied == ["+44 2"]


def test_nobody_who_wants_no_contact_is_copied(hands: Hands) -> None:
    zoe = Contact("Zoe", phones=("+49 30 1",), emails=("zoe@zeta.example",), blocked=True)
    draft = Opportunity(company="Zeta", owner="ana", contacts=(zoe, Contact("Yan")), created=NOW, clock=NOW)
    hands.desk.add_opportunity(draft)
    hands.type("r/zeta⏎yp")
    assert "Zoe wants no contact: the number is not copied" in hands.said
    hands.type("ye")
    assert "Zoe wants no contact: the e-mail address is not copied" in hands.said
    assert hands.copied == []
    hands.type("ys")
    assert "+49" not in hands.copied[0]
    assert "zoe@" not in hands.copied[0]


def test_a_summary(hands: Hands) -> None:
    hands.type("jys")
    assert hands.copied == [
        "Acme #1\nAnn Lee\n+44 20 7946 0958\nann@acme.example\nNext: call, Tue 24 Nov\nValue: 12,000.00 EUR"
    ]
    assert hands.said == "copied the summary"


def test_the_addresses_of_a_selection(hands: Hands) -> None:
    hands.type("Vye")
    assert hands.copied == ["ann@acme.example\nann@acme.example\nbob@acme.example"]
    assert hands.said == "copied e-mail address of 3; 1 have none"


def test_too_much_is_cut_and_said(hands: Hands) -> None:
    changes = {"contacts": [{"name": "ä" * 40_000}]}  # longer than anybody can type it
    hands.desk.store.transact(lambda tx: tx.update("opportunities", 1, changes), "ben")
    hands.steering.follow()
    hands.type("jyn")
    assert len(hands.copied[0].encode()) <= LONGEST
    assert "more is too long for a terminal" in hands.said


# Whatever is typed, and whatever colleagues do meanwhile

KEYS = (
    "j",
    "k",
    " ",
    "v",
    "V",
    "␛",
    "G",
    "gg",
    "1",
    "3",
    "l",
    "gv",
    "n",
    "!",
    "gt",
    "/acme⏎",
    "u",
    ".",
    "cn",
    "+",
)
DEEDS: tuple[Callable[[Desk], Change], ...] = (
    lambda ben: ben.win(2),
    lambda ben: ben.set_priority(5, Priority.URGENT),
    lambda ben: ben.log(1, Outcome.TALKED),
    lambda ben: ben.move(3, "proposal"),
    lambda ben: ben.reopen(6),
    lambda ben: ben.add("Zed Zorn @Acme tue"),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(KEYS), st.integers(0, len(DEEDS) - 1)), max_size=25))
def test_the_selection_is_never_more_than_is_shown(deeds: list[str | int]) -> None:
    clock = Clock()
    desk = desk_at("memory:", clock)
    small_world(desk)
    clock.pass_(days=10)
    hands, ben = Hands(desk), desk_over(desk.store, clock, "ben")
    for deed in deeds:
        if isinstance(deed, str):
            hands.type(deed)
        else:
            ben.follow()
            with suppress(HunterError):
                DEEDS[deed](ben)
            hands.steering.follow()
        lanes = hands.steering.lanes
        shown = [id for lane in range(3) for id in hands.shown(lane)]
        selected = chosen(hands)
        assert len(selected) == len(lanes.selection)
        assert selected == [id for id in shown if id in lanes.selection]
