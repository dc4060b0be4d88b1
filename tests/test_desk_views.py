"""Views and the focus: kept for their member, shared if he wants, ended by their day, undone as all is."""

from __future__ import annotations

import pytest
from desks import Clock, desk_at, desk_over, small_world

from huntertui.desk import Desk
from huntertui.desk.views import Focus
from huntertui.errors import HunterError, Usage


@pytest.fixture
def desk(clock: Clock) -> Desk:
    made = desk_at("memory:", clock)
    small_world(made)
    return made


def names(desk: Desk) -> list[tuple[int, str, str]]:
    return [(view.pick, view.name, view.query) for view in desk.views()]


def test_a_view_is_saved_under_the_next_digit_and_found_by_it_or_its_name(desk: Desk) -> None:
    assert desk.save_view("Hot deals", "value>10k").message == "saved view Hot deals: value>10k; g 1 opens it"
    desk.save_view("mine", "owner:me -is:parked")
    assert names(desk) == [(1, "Hot deals", "value>10k"), (2, "mine", "owner:me -is:parked")]
    assert desk.picked(2).name == "mine"
    assert desk.view("hot").query == "value>10k"
    desk.save_view("hot DEALS", "value>20k")
    assert desk.picked(1).query == "value>20k"
    with pytest.raises(Usage, match="no view 3 yet"):
        desk.picked(3)
    with pytest.raises(Usage, match="did you mean mine"):
        desk.view("mime")


def test_a_digit_that_is_free_again_is_given_again(desk: Desk) -> None:
    for number in range(1, 11):
        desk.save_view(f"v{number}", "owner:me")
    assert [view.pick for view in desk.views()] == [*range(1, 10), 0]
    desk.delete_view(desk.picked(4).id)
    desk.save_view("again", "owner:me")
    assert desk.picked(4).name == "again"


def test_each_change_of_a_view_is_one_undo(desk: Desk) -> None:
    desk.save_view("hot", "value>10k")
    id = desk.picked(1).id
    desk.rename_view(id, "large")
    assert names(desk) == [(1, "large", "value>10k")]
    desk.delete_view(id)
    assert names(desk) == []
    assert desk.undo().message == "undone: deleted view large"
    assert names(desk) == [(1, "large", "value>10k")]
    desk.undo()
    assert names(desk) == [(1, "hot", "value>10k")]
    desk.undo()
    assert names(desk) == []
    desk.redo()
    assert names(desk) == [(1, "hot", "value>10k")]


def test_a_shared_view_is_seen_by_all_and_changed_by_its_owner_alone(desk: Desk, clock: Clock) -> None:
    ben = desk_over(desk.store, clock, "ben")
    desk.save_view("hot", "value>10k")
    assert ben.views() == []
    desk.share_view(desk.picked(1).id)
    [shared] = ben.views()
    assert (shared.member, ben.view("hot").query) == ("ana", "value>10k")
    with pytest.raises(Usage, match="is ana's"):
        ben.delete_view(shared.id)
    with pytest.raises(Usage, match="no view 1 yet"):
        ben.picked(1)
    assert ben.follow().messages == ()
    desk.share_view(shared.id)
    assert ben.views() == []


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("", "owner:me", "needs a name"),
        ("x" * 31, "owner:me", "needs a name"),
        ("x", "", "nothing is searched for"),
        ("x", "ownr:me", "did you mean owner:"),
    ],
)
def test_what_cannot_be_saved_says_why(desk: Desk, name: str, query: str, said: str) -> None:
    with pytest.raises((HunterError, ValueError), match=said):
        desk.save_view(name, query)


def test_a_rename_to_a_name_that_is_taken_is_refused(desk: Desk) -> None:
    desk.save_view("one", "acme")
    desk.save_view("two", "zed")
    with pytest.raises(Usage, match="another view is called"):
        desk.rename_view(desk.picked(1).id, "TWO")


def test_a_focus_holds_to_the_end_of_its_day(desk: Desk, clock: Clock) -> None:
    assert desk.set_focus("stage:new until fri").message == "stage:new until Fri 27 Nov first; :focus ends it"
    focus = desk.focus()
    assert focus is not None
    assert desk.focus_words(focus) == "stage:new until Fri 27 Nov"
    assert desk_over(desk.store, clock, "ben").focus() is None
    clock.pass_(days=4, hours=14)
    assert desk.focus() == focus
    clock.pass_(hours=1)
    assert desk.focus() is None


def test_a_focus_replaces_the_last_and_ends_by_itself_or_by_a_word(desk: Desk) -> None:
    desk.set_focus("acme")
    desk.set_focus("meet")
    assert desk.focus() == Focus("meet", by="ana")
    desk.set_focus("zed")
    assert desk.focus() == Focus("zed", by="ana")
    desk.undo()
    assert desk.focus() == Focus("meet", by="ana")
    desk.set_focus("")
    assert desk.focus() is None
    desk.undo()
    assert desk.focus() == Focus("meet", by="ana")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("acme until someday", "is no date"),
        ("ownr:me until fri", "did you mean owner:"),
        ("until fri", "focus on what"),
        ("is:", "is: which"),
    ],
)
def test_a_focus_that_makes_no_sense_is_said_before_it_is_set(desk: Desk, text: str, said: str) -> None:
    for does in (desk.preview_focus, desk.set_focus):
        with pytest.raises((HunterError, ValueError), match=said):
            does(text)
    assert desk.focus() is None


def test_a_focus_says_how_much_it_puts_first(desk: Desk) -> None:
    assert desk.preview_focus("company:acme until fri") == "→ 2 first until Fri 27 Nov"


def test_what_stands_damaged_in_the_store_is_left_aside(desk: Desk, clock: Clock) -> None:
    def damage(tx):  # type: ignore[no-untyped-def]
        tx.insert("views", {"member": "ana", "name": 5, "query": ["x"], "pick": "1"})
        tx.insert("views", {"member": "ana", "focus": "acme", "until": "soon"})
        tx.insert("views", {"name": None})

    desk.store.transact(damage, "ana")
    assert desk.focus() is None
    assert [view.pick for view in desk.views()] == [0]
