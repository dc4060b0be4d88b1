"""Cells that no spreadsheet computes, and that are read again as they were."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.spreadsheet import defused, undefused

FORMULAS = [
    "=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3", '=HYPERLINK("http://x","y")', "\t=1", "\r=1", "\n=1",
    "；=1", " =1", '"=1', "＝1", "＋1", "－1", "＠SUM(1)", "\t@x", "'=1", "''+1", "\tx", "\rx", "; =1",
    'x;"=1', "a|=1", "a\n=1", "a\n- b", "+44 20 7946 0958",
]  # fmt: skip
HARMLESS = ["", "Acme", "a-b", "a, -b", "O'Dea", "'tis", "1;2", "x = 1", "a;b=1", "'", "“=1”", "a\nb"]
TRICKY = st.text(st.sampled_from("'\"=+-@;|,\t\r\n ＝；ab"), max_size=12)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_shown(text: str) -> None:
    assert defused(text) != text
    assert undefused(defused(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_is_left_as_it_is(text: str) -> None:
    assert defused(text) == text
    assert undefused(text) == text


@given(TRICKY | st.text())
@example("'=1")
@example("''\t=")
@example(";';=1")
def test_what_was_defused_is_read_as_it_was(text: str) -> None:
    assert undefused(defused(text)) == text


@given(st.lists(TRICKY, min_size=1, max_size=3))
@example(["x;=1"])
@example(["a\n=1"])
@example(['x";"=1'])
def test_no_cell_is_a_formula_whatever_delimiter_the_reader_takes(cells: list[str]) -> None:
    """Excel takes the delimiter from the system's language; quotes inside a cell then count for nothing."""
    file = io.StringIO()
    csv.writer(file).writerow(map(defused, cells))
    for delimiter in ",;|\t":
        for row in csv.reader(re.split("[\r\n]+", file.getvalue()), delimiter=delimiter):
            assert not [cell for cell in row if re.match(r"[\s\"]*[=+\-@＝＋－＠]", cell)], delimiter
