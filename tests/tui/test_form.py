"""The form of a record: its keys, its errors in place, one change and one undo, and two at one record."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import pytest
from day import desk as desk_of
from day import morning, of, records, start
from desks import Clock, desk_at, desk_over, everything, small_world
from hands import Hands
from hypothesis import given
from hypothesis import strategies as st
from painting import Painter, text_of
from rich.cells import cell_len

from huntertui.desk import Desk
from huntertui.desk.forms import Person, Sheet, merged, sheet_of
from huntertui.errors import NotAllowed
from huntertui.model.opportunity import Contact, Opportunity
from huntertui.model.touch import Outcome
from huntertui.tui.clash import Clash
from huntertui.tui.editor import LONGEST_NOTES, Editor
from huntertui.tui.form import ASK, Form
from huntertui.tui.lines import DetailLine, OverlayState


class Fingers(Hands):
    """Hands that know more keys: ⇥ is Tab, ⇤ Shift+Tab, ↑ ↓ ← → the arrows."""

    NAMES = {"⇥": "tab", "⇤": "shift+tab", "↑": "up", "↓": "down", "←": "left", "→": "right"}  # noqa: RUF012

    def type(self, keys: str) -> Self:
        for key in keys.replace("^s", "\x13").replace("^u", "\x15").replace("^q", "\x11"):
            named = {"\x13": "ctrl+s", "\x15": "ctrl+u", "\x11": "ctrl+q"} | self.NAMES
            if key in named:
                self.steering.take(named[key])
            else:
                super().type(key)
        return self

    @property
    def form(self) -> Form:
        panel = self.steering.panel
        assert isinstance(panel, Form)
        return panel

    @property
    def lines(self) -> list[str]:
        return [line.text for line in self.form.state().lines]

    @property
    def record(self) -> Opportunity:
        o = self.desk.opportunity(1)
        assert o is not None
        return o


@pytest.fixture
def hands(clock: Clock) -> Fingers:
    """Ana's hands on #1, Acme with Ann Lee, ten days after the small world came to be."""
    desk = desk_at("memory:", clock)
    small_world(desk)
    clock.pass_(days=10)
    return Fingers(desk).type("j")


@pytest.fixture
def ben(hands: Hands, clock: Clock) -> Desk:
    return desk_over(hands.desk.store, clock, "ben")


def test_all_fields_are_one_change_and_one_undo(hands: Fingers) -> None:
    before, seq = everything(hands.desk.store), hands.desk.seq
    hands.type("e^uAcme AG⇥Big deal⇥de⇥^u€9k⇥expo, dach⇥⇥⇥CTO⇥, ann@b.example⇥⇥⏎Cy Ott⇥⇥cy@b.example⇥")
    hands.type("⇥⇥first line⏎second⏎⏎last^s")
    assert hands.steering.panel is None
    assert hands.said == "Big deal #1: changed company, name, country, value, tags, notes, people"
    o = hands.record
    assert (o.company, o.name, o.country, o.value, o.currency) == (
        "Acme AG",
        "Big deal",
        "de",
        900_000,
        "EUR",
    )
    assert (o.tags, o.notes) == (("expo", "dach"), "first line\nsecond\n\nlast")
    assert o.contacts == (
        Contact("Ann Lee", "CTO", ("ann@acme.example", "ann@b.example"), ("+44 20 7946 0958",)),
        Contact("Cy Ott", "", ("cy@b.example",)),
    )
    assert hands.desk.seq == seq + 1
    hands.type("u")
    assert everything(hands.desk.store) == before


def test_one_field_is_named_with_its_value(hands: Fingers) -> None:
    hands.type("e⇥⇥Chile^s")
    assert hands.said == "Acme #1: country is now Chile"


def test_nothing_changed_writes_nothing(hands: Fingers) -> None:
    seq = hands.desk.seq
    hands.type("ex⌫^s")
    assert (hands.desk.seq, hands.steering.panel) == (seq, None)
    hands.type("e␛")
    assert hands.steering.panel is None


@pytest.mark.parametrize(
    ("answer", "company", "open_"),
    [
        ("⏎", "Acmex", False),
        ("s", "Acmex", False),
        ("d", "Acme", False),
        ("␛", "Acme", True),
        ("q", "Acme", True),
    ],
)
def test_esc_asks_when_there_is_something_to_lose(
    hands: Fingers, answer: str, company: str, open_: bool
) -> None:
    hands.type("ex␛")
    assert hands.form.state().title == ASK
    hands.type(answer)
    assert (hands.record.company, hands.steering.panel is not None) == (company, open_)


def test_enter_goes_on_and_saves_at_the_end(hands: Fingers) -> None:
    hands.type("ex⇤")
    assert hands.lines[-1] == "> Save (Enter)"
    hands.type("⏎")
    assert hands.record.company == "Acmex"


def test_what_cannot_be_taken_is_said_under_its_field(hands: Fingers) -> None:
    hands.type("e⇥⇥⇥^umuch⇥")
    at = next(at for at, line in enumerate(hands.lines) if "much" in line)
    assert "'much' is no amount: write 12k" in hands.lines[at + 1]
    assert hands.form.state().lines[at + 1].look == "neglected"
    hands.type("⇥⇥⇥⇥^uann at acme^s")
    assert hands.form.state().title.startswith("not saved: 'much' is no amount")
    assert hands.record.value == 1_200_000
    hands.type("^u12k^s")  # the cursor has gone to the first of them
    assert hands.form.state().title == "not saved: 'ann at acme' is no e-mail address"
    hands.type("^uann@acme.example^s")
    assert hands.steering.panel is None


def test_people_are_removed_put_back_and_moved(hands: Fingers) -> None:
    hands.type("e⇤⇤⇤⏎Cy Ott⇤K")  # on Cy's head row
    assert [line for line in hands.lines if "person" in line][:2] == [
        "> person 1 of 2 · x removes · J K move",
        "  person   Cy Ott",
    ]
    hands.type("^s")
    assert [contact.name for contact in hands.record.contacts] == ["Cy Ott", "Ann Lee"]
    hands.type("e⇥⇥⇥⇥⇥xxx")
    assert "> Cy Ott will be removed · x puts back" in hands.lines
    hands.type("^s")
    assert [contact.name for contact in hands.record.contacts] == ["Ann Lee"]


def test_a_wrong_or_blocked_number_survives_an_edit(hands: Fingers) -> None:
    hands.type("cw").type("e")
    assert any("+44 20 7946 0958 (wrong)" in line for line in hands.lines)
    hands.type("⇥⇥⇥⇥⇥⇥⇥Boss^s")
    assert hands.record.contacts == (
        Contact("Ann Lee", "Boss", ("ann@acme.example",), (), ("+44 20 7946 0958",)),
    )


def test_a_person_who_wants_no_contact_does_not_come_in_by_the_form(hands: Fingers, ben: Desk) -> None:
    ben.log(3, Outcome.DO_NOT_CONTACT)
    hands.type("e⇤⇤⇤⏎Cat⇥⇥ann@acme.example^s")
    assert isinstance(hands.form, Form)
    assert "wants no contact" in hands.said
    doc = hands.desk.document(2)
    with pytest.raises(NotAllowed):
        hands.desk.save_sheet(2, doc, Sheet(people=(Person(emails="ann@acme.example"),)))


def test_keys_pasted_and_typed_in_one_burst_arrive_letter_for_letter(hands: Fingers) -> None:
    hands.type("e^u")
    hands.steering.paste("Acme\nGroup\r\nLtd\n")
    hands.type("!⇤⇤")
    hands.steering.paste("one\r\ntwo\n\nthree")
    hands.type("^s")
    assert hands.record.company == "Acme Group Ltd!"
    assert hands.record.notes == "one\ntwo\n\nthree"


def test_a_paste_that_is_too_long_says_so(hands: Fingers) -> None:
    hands.type("e⇤⇤")
    hands.steering.paste("x" * 1_000_000)
    assert hands.form.state().title == f"only {LONGEST_NOTES:,} characters fit: the rest is left out"
    assert len(hands.form.sheet.notes) == LONGEST_NOTES


# Two at one record


def test_fields_that_others_change_are_taken_in_and_both_survive(hands: Fingers, ben: Desk) -> None:
    hands.type("e^uAcme AG")
    ben.edit(1, "country", "FR")
    hands.steering.follow()
    assert "  country  FR" in hands.lines
    hands.type("^s")
    assert (hands.record.company, hands.record.country) == ("Acme AG", "FR")


@pytest.mark.parametrize(("answer", "company"), [("k", "Acme Inc"), ("o", "Acme AG")])
def test_each_field_in_which_somebody_was_quicker_is_asked_for(
    hands: Fingers, ben: Desk, answer: str, company: str
) -> None:
    hands.type("e^uAcme AG⇥⇥DE")
    ben.edit(1, "company", "Acme Inc")
    ben.edit(1, "country", "FR")
    hands.steering.follow()
    assert any(line.endswith("by now: Acme Inc") for line in hands.lines)
    hands.type("^s")
    clash = hands.steering.panel
    assert isinstance(clash, Clash)
    assert [line.text for line in clash.state().lines][:2] == [
        "ben set the company to Acme Inc just now.",
        "You wanted: Acme AG.",
    ]
    hands.type(answer)
    second = hands.steering.panel
    assert isinstance(second, Clash)
    assert "ben set the country to FR" in second.state().lines[0].text
    hands.type("o")
    assert hands.steering.panel is None
    assert (hands.record.company, hands.record.country) == (company, "DE")


def test_a_conflict_about_people_keeps_what_else_was_changed_of_them(hands: Fingers, ben: Desk) -> None:
    hands.type("e⇥⇥⇥⇥⇥⇥⇥CTO")
    ben.edit(1, "phone", "+44 2")
    hands.type("^s")
    assert isinstance(hands.steering.panel, Clash)
    hands.type("o")
    assert hands.record.contacts == (Contact("Ann Lee", "CTO", ("ann@acme.example",), ("+44 2",)),)


def test_a_record_that_is_gone_leaves_the_form_as_it_is(hands: Fingers, ben: Desk) -> None:
    ben.add("Zed Ott @Zorro")
    hands.steering.follow()
    hands.type("ga#7⏎e^uZeta")
    ben.undo()
    hands.type("^s")
    assert "there is no #7 any more" in hands.said
    assert hands.form.sheet.company == "Zeta"


A, B, C = Contact("Ann", "", ("a@x.example",)), Contact("Bob"), Contact("Cy")


@pytest.mark.parametrize(
    ("fresh", "people", "after"),
    [
        ((A, B), (Person("Bob", was=1), Person("Ann", "", "a@x.example", was=0)), (B, A)),
        ((A, B), (Person("Ann", "Boss", "a@x.example", was=0),), (Contact("Ann", "Boss", ("a@x.example",)),)),
        ((A, B, C), (Person("Ann", "", "a@x.example", was=0), Person("Bob", was=1)), (A, B, C)),  # C is new
        ((A, B, C), (Person("Bob", was=1),), (B, C)),
        ((B,), (Person("Anna", "", "a@x.example", was=0), Person("Bob", was=1)),
         (Contact("Anna", "", ("a@x.example",)), B)),  # removed by others, edited here: stays
        ((A, B), (Person("Ann", "", "a@x.example", was=0), Person("Bob", was=1, gone=True)), (A,)),
        ((A, B), (Person("Ann", "", "a@x.example", was=0), Person(was=1)), (A,)),
        ((A, B), (Person("Ann", "", "a@x.example", was=0), Person("Bob", was=1), Person("Cy")), (A, B, C)),
    ],
)  # fmt: skip
def test_people_as_they_stand_by_now_with_my_changes(
    fresh: tuple[Contact, ...], people: tuple[Person, ...], after: tuple[Contact, ...]
) -> None:
    assert merged(fresh, (A, B), people) == after


# The editor


@pytest.mark.parametrize(
    ("keys", "text", "at"),
    [
        (["up", "home"], "ab\ncd ef\ngh", 3),
        (["up", "up", "up"], "ab\ncd ef\ngh", 2),
        (["up", "end", "ctrl+w"], "ab\ncd \ngh", 6),
        (["up", "ctrl+u"], "ab\n ef\ngh", 3),
        (["up", "ctrl+k"], "ab\ncd\ngh", 5),
        (["home", "backspace"], "ab\ncd efgh", 8),
        (["left", "left", "left", "delete"], "ab\ncd efgh", 8),
        (["up", "up", "home", "down"], "ab\ncd ef\ngh", 3),
    ],
)
def test_lines_are_edited(keys: list[str], text: str, at: int) -> None:
    editor = Editor("ab\ncd ef\ngh", lines=True)
    for key in keys:
        editor.key(key)
    assert (editor.text, editor.at) == (text, at)


def test_there_is_no_line_above_the_first_and_below_the_last() -> None:
    editor = Editor("one two three", lines=True)
    assert not editor.key("up")
    editor.width = 6
    assert editor.view()[0] == ["one ", "two ", "three"]
    assert editor.key("up")
    assert editor.key("up")
    assert not editor.key("up")


@given(st.text(st.sampled_from("ab 漢é\u0301\n👍\x1b"), max_size=80), st.integers(3, 30), st.data())
def test_all_is_shown_and_the_cursor_is_within(text: str, width: int, data: st.DataObject) -> None:
    editor = Editor(text, lines=True)
    editor.width = width
    editor.at = data.draw(st.integers(0, len(text)))
    rows, row, column = editor.view()
    assert sum(map(len, rows)) == len(text) - text.count("\n")
    assert all(cell_len(part) < width for part in rows if len(part) > 1)
    assert 0 <= column < width
    before = sum(map(len, rows[:row]))
    assert before <= editor.at


# On the screen


async def test_the_cursor_stays_in_sight_in_reverse() -> None:
    app = Painter()
    async with app.run_test(size=(80, 24)) as pilot:
        lines = tuple(DetailLine(f"line 漢 {at}") for at in range(60))
        for row in (0, 40, 59, 45, 0):
            app.overlay.show(OverlayState("Edit", lines, 0, cursor=(row, 5)))
            await pilot.pause()
            shown = text_of(app.overlay)
            assert any(f" line 漢 {row} " in line for line in shown), row
            reversed_ = [
                segment.text
                for y in range(app.overlay.size.height)
                for segment in app.overlay.render_line(y)
                if segment.style and segment.style.reverse
            ]
            assert reversed_ == ["漢"]


@pytest.mark.parametrize(("columns", "lines"), [(200, 50), (120, 40), (80, 24), (60, 15)])
def test_a_record_is_edited_in_a_real_terminal(tmp_path: Path, columns: int, lines: int) -> None:
    store = morning(tmp_path / "store" / "store.json")
    with start(store, columns, lines) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("e\x15Smith & Co\t\tGB\x1b[Zx\x7f\t\t\t\t\t\tBoss\t\tj\x7f+44 20 7946 0100\t\t")
        terminal.until("one more person")
        terminal.type("\x1b[200~first\nsecond\x1b[201~\rthird\x13").until("changed company, country")
        terminal.type("q")
        assert terminal.leave() == 0
    o = of(store, "Smith & Co")
    assert (o.country, o.notes) == ("GB", "first\nsecond\nthird")
    assert o.contacts == (Contact("Ann Lee", "Boss", (), ("+44 20 7946 0100",)),)
    mine = desk_of(store)
    mine.undo()
    mine.store.close()
    assert records(store)[o.id].company == "Smithfield"


def test_sheets_say_all_that_the_form_edits() -> None:
    o = Opportunity(
        company="Acme", value=1_234_50, currency="EUR", tags=("a", "b"), notes="x\ny",
        contacts=(Contact("Ann", "CTO", ("a@x", "b@x"), ("1", "2")),),
        created=Clock()(), clock=Clock()(),
    )  # fmt: skip
    assert sheet_of(o) == Sheet(
        "Acme", "", "", "1234.50 EUR", "a, b", "x\ny", (Person("Ann", "CTO", "a@x, b@x", "1, 2", 0),)
    )
