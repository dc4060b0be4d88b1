"""How one row of a lane looks: its mark, its words, its columns, and that time alone changes them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from painting import CALENDAR, DAY, HOUR, MINUTE, NOW, a_row, looks
from rich.cells import cell_len
from rich.style import Style

from huntertui.model.money import short_money
from huntertui.model.ranking import NEVER, Row
from huntertui.model.text import shown
from huntertui.tui.fit import cut, fit, fold
from huntertui.tui.lane import Columns, Moment, Place, Rows

TONIGHT = NOW - 9 * HOUR - 47 * MINUTE + DAY
NOWHERE: Mapping[str, Any] = MappingProxyType({})
HOSTILE = (
    "Acme [/red] Ltd",
    "[@click=app.quit]x[/]",
    "\x1b[2J\x1b]52;c;AAAA\x07gone",
    "漢字" * 40,
    "x" * 200,
    "e\u0301" * 30,
    "\u0301starts with a mark",
    "👨\u200d👩\u200d👧 & sons",
    "right\u202eto left",
    "line\nbreak\ttab",
    "\ud800 alone",
    "",
)


def painted(row: Row, width: int = 64, place: Mapping[str, Any] = NOWHERE) -> str:
    strip = Rows(looks()).paint(row, Place(width, **place), Moment.of(NOW, CALENDAR, "ana"))
    assert strip.cell_length == width
    return strip.text


@pytest.mark.parametrize(
    ("fields", "mark", "words"),
    [
        ({}, " ", "23 Dec"),
        ({"by": TONIGHT - 3 * DAY}, "!", "1d late"),  # since the end of Friday
        ({"by": TONIGHT - 10 * DAY}, "!", "6d late"),
        ({"by": TONIGHT - 10 * 365 * DAY}, "!", "10y late"),
        ({"by": NOW - 45 * MINUTE, "rule": "agreed"}, "!", "45m late"),
        ({"by": NOW - 3.5 * HOUR, "rule": "answer"}, "!", "3h late"),
        ({"by": NOW - 3.5 * HOUR}, "!", "late"),
        ({"by": NOW - DAY, "marks": "t", "value": 50_000_000}, "~", "500k"),
        ({"by": NOW - DAY, "marks": "t"}, "~", "triage"),
        ({"by": TONIGHT}, "•", "today"),
        ({"by": NOW + 5.75 * HOUR, "due": NOW + 5.5 * HOUR, "rule": "agreed"}, "•", "15:17"),
        ({"by": NOW + DAY, "due": NOW + 5 * HOUR, "rule": "agreed"}, "•", "14:47"),  # a meeting
        ({"by": NOW + HOUR, "rule": "inbound"}, "•", "by 10:47"),
        ({"by": TONIGHT + DAY}, " ", "Tue 24"),
        ({"by": TONIGHT + 4 * DAY, "marks": "z"}, "z", "Fri 27"),
        ({"by": TONIGHT + 10 * DAY, "due": NOW + 9 * DAY}, " ", "2 Dec"),
        ({"by": TONIGHT + 150 * DAY}, " ", "22 Apr"),
        ({"by": TONIGHT + 300 * DAY}, " ", "Sep 27"),
        ({"by": NEVER}, " ", ""),
        ({"by": 253402300799.999999}, " ", "Dec 99"),  # the end of time
        ({"marks": "n", "next": ""}, "?", "23 Dec"),
        ({"lane": 2, "marks": "i"}, "?", "23 Dec"),
        ({"amber": NOW - 1}, "·", "23 Dec"),
        ({"aged": NOW - 1}, "^", "23 Dec"),
        ({"by": NOW - DAY, "marks": "nz"}, "!", "1d late"),
        ({"marks": "c", "stage": "won", "by": NEVER}, "✓", "won"),
        ({"marks": "c", "stage": "lost", "by": NOW - DAY}, "✗", "lost"),
    ],
)
def test_mark_and_words(fields: dict[str, object], mark: str, words: str) -> None:
    text = painted(a_row(**fields))
    assert text[1] == mark
    assert text[-9:].strip() == words
    assert (text.endswith(words)) or not words


def test_what_is_neglected_says_so_four_times() -> None:
    strip = Rows(looks()).paint(a_row(by=NOW - DAY), Place(64), Moment.of(NOW, CALENDAR, "ana"))
    red = looks()["neglected"]
    assert red.bold
    assert red.color is not None
    loud = "".join(segment.text for segment in strip if segment.style == red)
    assert loud.split() == ["!", "Acme", "GmbH", "1d", "late"]


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast", "mono", "ansi"])
@pytest.mark.parametrize("cursor", ["cursor", "cursor_inactive"])
def test_the_cursor_keeps_mark_and_words(theme: str, cursor: str) -> None:
    rows, moment = Rows(looks(theme)), Moment.of(NOW, CALENDAR, "ana")
    strip = rows.paint(a_row(by=NOW - DAY), Place(64, cursor), moment)
    assert strip.text[1] == "!"
    assert strip.text.endswith("1d late")
    assert [segment.style for segment in strip] == [looks(theme)[cursor] + Style(bold=True)]


@pytest.mark.parametrize(
    ("fields", "place", "part"),
    [
        ({"company": "Nordwind", "title": "Rollout"}, {}, "Rollout  Nordwind"),
        ({"who": "Jane Doe"}, {}, "Acme GmbH  Jane Doe"),
        ({"owner": "ben"}, {}, " @ben  call 3/6"),
        ({"owner": ""}, {}, " @—  call 3/6"),
        ({"owner": "ben", "helper": "ana", "lease": NEVER}, {}, " @ben+ana  call 3/6"),
        ({"owner": "ben", "helper": "ana", "lease": 0.0}, {}, " @ben  call 3/6"),
        ({"priority": 0}, {}, " ^^  call 3/6"),
        ({"priority": 1, "owner": "ben"}, {}, " @ben ^  call 3/6"),
        ({"priority": 3}, {}, " v  call 3/6"),
        ({}, {"plan": ""}, "»  Acme"),
        ({}, {"plan": "from Mon"}, " from Mon  call 3/6"),
        ({}, {"plan": "", "selected": True}, "*  Acme"),
        ({"marks": "n", "next": ""}, {}, "  no step"),
        ({"lane": 2, "value": 14_000_000}, {}, "   140k"),
        ({"lane": 2, "marks": "i"}, {}, "      ?  "),
    ],
)
def test_what_a_row_says(fields: dict[str, object], place: dict[str, object], part: str) -> None:
    assert part in painted(a_row(**fields), place=place)


def test_in_ascii_nothing_else_is_drawn() -> None:
    rows, moment = Rows(looks(ascii=True)), Moment.of(NOW, CALENDAR, "ana")
    for state in ({"by": TONIGHT}, {"owner": ""}, {"amber": NOW}, {"marks": "c", "stage": "won"}):
        assert rows.paint(a_row(title="x" * 99, **state), Place(64, plan=""), moment).text.isascii()


@pytest.mark.parametrize("name", HOSTILE)
def test_columns_stay_aligned_whatever_the_name(name: str) -> None:
    for width in range(121):
        for place in ({}, {"plan": "from Mon", "selected": True, "cursor": "cursor"}):
            row = a_row(title=name, company=name, who=name, owner=name, next=name, helper=name, lane=2)
            text = painted(row, width, place)
            assert "\x1b" not in text
            assert all(letter.isprintable() or letter == "\u200d" for letter in text)
    age = painted(a_row(title=name, by=TONIGHT), width=120)
    assert age.endswith("   today")
    assert cell_len(age.partition("call 3/6")[0]) == 3 + Columns.of(120, 0).name + 2


@pytest.mark.parametrize("name", HOSTILE[:2])
def test_names_are_shown_letter_for_letter(name: str) -> None:
    assert f" {name} " in painted(a_row(title=name))


@given(
    st.lists(st.floats(-20 * DAY, 20 * DAY).map(lambda far: NOW + far), min_size=2, max_size=5),
    st.floats(-12 * DAY, 12 * DAY),
    st.sampled_from(["idle", "agreed"]),
    st.sampled_from(["", "t", "n"]),
)
def test_a_kept_row_never_lies(times: list[float], by: float, rule: str, marks: str) -> None:
    row = a_row(by=NOW + by, due=NOW + by - 900, amber=NOW + by / 2, rule=rule, marks=marks)
    kept = Rows(looks())
    for now in [*times, *(later for earlier, later in pairwise(times))]:
        moment = Moment.of(now, CALENDAR, "ana")
        assert kept.paint(row, Place(64), moment) == Rows(looks()).paint(row, Place(64), moment)


def test_a_row_is_kept_until_the_time_that_changes_it() -> None:
    rows, row = Rows(looks()), a_row(by=NOW + MINUTE, rule="agreed")

    def at(now: float) -> object:
        return rows.paint(row, Place(64), Moment.of(now, CALENDAR, "ana"))

    first = at(NOW)
    assert at(NOW + MINUTE - 1) is first
    late = at(NOW + 2 * MINUTE + 1)
    assert "1m late" in str(late)
    assert at(NOW + 2 * MINUTE + 50) is late
    assert "2m late" in str(at(NOW + 3 * MINUTE + 1))


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (0, "0"), (95_000, "950"), (99_900, "999"), (99_960, "1k"), (340_000, "3.4k"), (994_000, "9.9k"),
        (995_000, "10k"), (14_000_000, "140k"), (99_960_000, "1M"), (120_000_000, "1.2M"),
        (34_000_000_000, "340M"), (10**15, "10000G"), (-340_000, "-3.4k"),
    ],
)  # fmt: skip
def test_short_money(minor: int, text: str) -> None:
    assert short_money(minor, "EUR") == text


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("width", [0, 1, 2, 3, 7, 40, 300])
def test_cut_and_fit(name: str, width: int) -> None:
    assert cell_len(cut(name, width)) <= width
    assert cell_len(fit(name, width)) == width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 20, ["one two three"]),
        ("one two three", 8, ["one two", "three"]),
        ("a" * 25, 10, ["a" * 10, "a" * 10, "a" * 5]),
        ("first\n  second", 20, ["first", "  second"]),
        ("  " + "word " * 8, 22, ["  word word word word", "    word word word", "    word"]),
        ("漢字漢字", 5, ["漢字", "漢字"]),
        ("\x1b[2J", 10, ["\ufffd[2J"]),
    ],
)
def test_fold(text: str, width: int, lines: list[str]) -> None:
    assert list(fold(text, width)) == lines


@given(st.text(max_size=80), st.integers(2, 60))
def test_folded_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    lines = list(fold(text, width))
    assert all(cell_len(line) <= width for line in lines)
    letters = "".join(map(shown, text.split("\n")))
    assert "".join(lines).replace(" ", "") == letters.replace(" ", "")


@pytest.mark.parametrize("width", [8, 20, 30, 40, 64, 120])
@pytest.mark.parametrize("who", ["ben", "bartholomew", "漢字漢字漢字"])
def test_a_row_that_was_just_changed_says_by_whom_and_when(width: int, who: str) -> None:
    shown = painted(a_row(by=TONIGHT - 3 * DAY), width, {"fresh": (who, "14:02")})
    assert "14:02" in shown or width < 10
    columns = Columns.of(width, 0)
    assert (who in shown) == (cell_len(who) + 6 <= (columns.next or columns.age))
    assert shown[2:] != painted(a_row(by=TONIGHT - 3 * DAY), width)[2:] or width < 10
