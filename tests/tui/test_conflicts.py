"""Two at one record: what is guarded, what the question says, what each answer does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desks import Clock, desk_over
from hands import Hands

from huntertui.desk import Desk
from huntertui.errors import Busy
from huntertui.model.opportunity import Opportunity, Priority
from huntertui.model.touch import Outcome
from huntertui.tui.clash import Clash
from huntertui.tui.describe import header
from huntertui.tui.steering import Seen


@pytest.fixture
def hands(hands: Hands) -> Hands:
    """Ana's hands on #1."""
    return hands.type("j")


@pytest.fixture
def ben(hands: Hands, clock: Clock) -> Desk:
    """A colleague at the same store."""
    return desk_over(hands.desk.store, clock, "ben")


def record(hands: Hands, id: int = 1) -> Opportunity:
    o = hands.desk.opportunity(id)
    assert o is not None
    return o


def asked(hands: Hands) -> list[str]:
    """The lines of the question that stands."""
    panel = hands.steering.panel
    assert isinstance(panel, Clash)
    return [line.text for line in panel.state().lines]


Case = tuple[
    str, Callable[[Desk], object], tuple[str, str], Callable[[Opportunity], object], tuple[object, object]
]
# keys up to the prompt's Enter, what ben does meanwhile, the two lines, what is there after k and after o
CASES: dict[str, Case] = {
    "close": (
        "wdec15",
        lambda ben: ben.expect_close(1, "18dec"),
        ("ben set the expected close to Fri 18 Dec just now.", "You wanted: Tue 15 Dec."),
        lambda o: str(o.expected_close),
        ("2026-12-18", "2026-12-15"),
    ),
    "step": (
        ",tue call",
        lambda ben: ben.set_step(1, "fri email the offer"),
        ("ben set the next step to email the offer, Fri 4 Dec just now.", "You wanted: call."),
        lambda o: o.next and o.next.what,
        ("email the offer", "call"),
    ),
    "value": (
        ":value 9k",
        lambda ben: ben.set_value(1, "7k"),
        ("ben set the value to 7,000.00 EUR just now.", "You wanted: 9,000.00 EUR."),
        lambda o: o.value,
        (700_000, 900_000),
    ),
    "owner": (
        "ocarla",
        lambda ben: ben.assign(1, "dan"),
        ("ben set the owner to dan just now.", "You wanted: carla."),
        lambda o: o.owner,
        ("dan", "carla"),
    ),
    "stage": (
        ":stage proposal",
        lambda ben: ben.move(1, "meeting"),
        ("ben set the stage to meeting just now.", "You wanted: proposal."),
        lambda o: o.stage,
        ("meeting", "proposal"),
    ),
}


@pytest.mark.parametrize("answer", ["k", "␛", "o"])
@pytest.mark.parametrize("case", CASES)
def test_what_was_seen_when_the_prompt_opened_counts(hands: Hands, ben: Desk, case: str, answer: str) -> None:
    keys, does, said, read, (theirs, mine) = CASES[case]
    hands.type(keys)
    does(ben)
    hands.steering.follow()  # the screen shows it by now, but not when the prompt was opened
    hands.type("⏎")
    assert asked(hands) == [*said, "", "k keep ben's · o overwrite · Esc keep"]
    assert hands.steering.prompt is None
    assert read(record(hands)) == theirs
    hands.type(answer)
    assert hands.steering.panel is None
    assert read(record(hands)) == (mine if answer == "o" else theirs)


def test_what_stood_on_the_screen_when_the_key_was_pressed_counts(
    hands: Hands, ben: Desk, clock: Clock
) -> None:
    shown = Seen(hands.desk.seq, None)
    ben.set_priority(1, Priority.LOW)
    clock.pass_(seconds=12)
    hands.steering.follow()
    hands.steering.take("+", shown)
    assert asked(hands)[:2] == ["ben set the priority to low 12 s ago.", "You wanted: high."]
    hands.type("o")
    assert record(hands).priority is Priority.HIGH
    hands.type("u")
    assert record(hands).priority is Priority.LOW


def test_ones_own_keys_typed_ahead_are_no_conflict(hands: Hands) -> None:
    shown = Seen(hands.desk.seq, None)
    for _ in range(2):
        hands.steering.take("+", shown)
    assert record(hands).priority is Priority.URGENT


def test_one_stage_on_goes_from_the_stage_that_was_shown(hands: Hands, ben: Desk) -> None:
    hands.type("3")
    shown = Seen(hands.desk.seq, None)
    ben.move(4, "meeting")
    hands.steering.follow()
    hands.steering.take(">", shown)
    assert asked(hands)[:2] == ["ben set the stage to meeting just now.", "You wanted: negotiation."]
    hands.type("o")
    assert record(hands, 4).stage == "negotiation"


def test_a_key_does_not_hit_the_row_that_took_the_place_of_the_one_seen(hands: Hands, ben: Desk) -> None:
    shown = Seen(hands.desk.seq, None)
    ben.win(1)
    hands.steering.follow()
    before = hands.desk.seq
    for keys in ("x", "w", "s"):
        hands.steering.take(keys, shown)
    assert "look, then press the key again" in hands.said
    assert hands.steering.prompt is None
    assert hands.desk.seq == before
    hands.type("+")
    assert hands.desk.seq > before


def test_other_fields_both_survive(hands: Hands, ben: Desk) -> None:
    hands.type("wdec15")
    ben.set_value(1, "7k")
    hands.type("⏎")
    assert hands.steering.panel is None
    assert (str(record(hands).expected_close), record(hands).value) == ("2026-12-15", 700_000)


def test_the_same_change_twice_is_no_conflict(hands: Hands, ben: Desk) -> None:
    hands.type("wdec15")
    ben.expect_close(1, "15dec")
    hands.type("⏎")
    assert hands.steering.panel is None
    assert hands.steering.look == ""


@pytest.mark.parametrize("keys", ["cn", "ct⏎", "co!⏎", "cr"])
def test_touches_and_notes_never_conflict(hands: Hands, ben: Desk, keys: str) -> None:
    shown = Seen(hands.desk.seq, None)
    ben.log(1, Outcome.VOICEMAIL)
    ben.set_step(1, "fri email")
    for key in keys:
        hands.steering.take({"⏎": "enter"}.get(key, key), shown)
    assert hands.steering.panel is None
    assert hands.steering.look == ""


def test_an_answer_may_meet_a_newer_change(hands: Hands, ben: Desk) -> None:
    hands.type("wdec15")
    ben.expect_close(1, "18dec")
    hands.type("⏎")
    ben.expect_close(1, "21dec")
    hands.type("o")
    assert asked(hands)[0] == "ben set the expected close to Mon 21 Dec just now."
    hands.type("o")
    assert hands.steering.panel is None
    assert str(record(hands).expected_close) == "2026-12-15"


def test_a_key_typed_before_the_question_was_seen_is_no_answer(hands: Hands, ben: Desk) -> None:
    hands.type("wdec15")
    ben.expect_close(1, "18dec")
    shown = Seen(hands.desk.seq, None)
    for key in ("enter", "o", "k"):
        hands.steering.take(key, shown)
    assert asked(hands)
    hands.steering.take("o", Seen(hands.desk.seq, hands.steering.panel))
    assert str(record(hands).expected_close) == "2026-12-15"


def test_only_its_keys_answer(hands: Hands, ben: Desk) -> None:
    hands.type("wdec15")
    ben.expect_close(1, "18dec")
    hands.type("⏎").type("xqj ⏎G")
    assert asked(hands)


def test_what_cannot_be_done_any_more_is_said(hands: Hands, ben: Desk) -> None:
    hands.type(":stage proposal")
    ben.win(1)
    hands.type("⏎")
    assert hands.steering.panel is None
    assert hands.said == "Acme #1: ben set the stage to won just now; Acme #1 is won: reopen it first"
    assert hands.steering.look == "neglected"


def test_who_took_a_record_away_is_said(hands: Hands, ben: Desk) -> None:
    ben.add("Zed Ott @Zorro")
    hands.steering.follow()
    hands.type("ga#7⏎wdec15")
    ben.undo()
    hands.type("⏎")
    assert hands.steering.prompt is not None
    said = hands.steering.prompt.state(200).text
    assert "there is no #7 any more: ben, Thu 3 Dec 09:00: undone: added Zorro #7" in said


def test_my_other_screen_is_me(hands: Hands, clock: Clock) -> None:
    other = desk_over(hands.desk.store, clock, "ana")
    hands.type("wdec15")
    other.expect_close(1, "18dec")
    hands.type("⏎")
    assert asked(hands)[0].startswith("you, on another screen, set the expected close")


def test_an_answer_that_fails_can_be_given_again(
    hands: Hands, ben: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise Busy("ben holds the store")

    hands.type("wdec15")
    ben.expect_close(1, "18dec")
    hands.type("⏎")
    with monkeypatch.context() as patch:
        patch.setattr(hands.desk.store, "transact", busy)
        hands.type("o")
    assert hands.said == "ben holds the store"
    hands.type("o")
    assert str(record(hands).expected_close) == "2026-12-15"


def test_a_store_that_takes_nothing_more_says_so_for_good(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = "the disk did not confirm a change"
    monkeypatch.setattr(type(hands.desk.store), "read_only", property(lambda _: reason))
    hands.type("+")
    assert hands.said == f"read-only: {reason}"
    assert hands.steering.look == "neglected"
    shown = header(hands.desk, hands.steering.lanes, "", demo=False)
    assert shown.alert == f"read-only: {reason}"
    assert shown.text.startswith(f"huntertui  read-only: {reason} · ")
