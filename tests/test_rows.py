"""Rows as bytes: what comes back is what went in, bound to the rules, and what is no row is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from deals import POLICY, deal
from hypothesis import given
from hypothesis import strategies as st

from huntertui.model.cadence import HUNTER6
from huntertui.model.pipeline import LANES, STAGES, Pipeline, Policy
from huntertui.model.ranking import NEVER, Row, row_of
from huntertui.rows import kept_name, pack, unpack

MOMENTS = st.floats(allow_nan=False) | st.sampled_from([NEVER, -NEVER])
ROWS = st.lists(
    st.builds(
        Row,
        *[
            {
                "str": st.text(st.characters(), max_size=5),
                "int": st.integers(-(2**63), 2**63 - 1),
                "float": MOMENTS,
                "int | None": st.none() | st.integers(-(2**63), 2**63),
            }[Row.__annotations__[name].__forward_arg__]
            if name not in ("lane", "priority")
            else st.integers(0, 2)
            for name in Row._fields
        ],
    ),
    max_size=6,
)


@given(ROWS, st.dictionaries(st.integers(1), st.text(max_size=9), max_size=3))
def test_what_is_packed_comes_back(rows: list[Row], unreadable: dict[int, str]) -> None:
    back, told = unpack(pack(rows, unreadable))
    assert back == rows
    assert told == unreadable
    assert all(type(row) is Row for row in back)
    assert [[type(value) for value in row] for row in back] == [
        [type(value) for value in row] for row in rows
    ]


def test_equal_texts_share_one_object() -> None:
    one, two = unpack(pack([row_of(deal(id=id), POLICY) for id in (1, 2)], {}))[0]
    assert one.company is two.company is one.title


PACKED = pack([row_of(deal(id=id, value=value), POLICY) for id, value in ((1, None), (2, 5))], {3: "odd"})


@given(st.binary() | st.integers(0, len(PACKED) - 1).map(lambda size: PACKED[:size]))
def test_what_is_no_row_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no rows"):
        unpack(data)


@given(st.integers(0, len(PACKED) - 1), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_gives_rows_all_the_same(at: int, byte: int) -> None:
    try:
        rows, told = unpack(PACKED[:at] + bytes([byte]) + PACKED[at + 1 :])
    except ValueError:
        return
    assert all(0 <= row.lane < len(LANES) and isinstance(row.title, str) for row in rows)
    assert all(isinstance(id, int) and isinstance(text, str) for id, text in told.items())


@pytest.mark.parametrize(
    "head",
    [
        [2, ["a"], [[None, 5]], {}],
        [2, {"a": 1}, [[None, 5]], []],
        [2, [1] * 20, [[None, 5]], []],
        [2, ["a"] * 20, [[None, "5"]], []],
        [2, ["a"] * 20, [[None, True]], []],
        [2, ["a"] * 20, [[None]], []],
        [2, ["a"] * 20, [], []],
        [3, ["a"] * 20, [[None, 5, 6]], []],
        [-1, ["a"] * 20, [[None, 5]], []],
        [2, ["a"] * 20, [[None, 5]], [["3", "odd"]]],
        [2, ["a"] * 20, [[None, 5]], [[3, None]]],
        [2, ["a"] * 20, [[None, 5]], [3]],
        [2, ["a"] * 20, [[None, 5]]],
        {"rows": 2},
    ],
)
def test_a_head_that_does_not_fit_is_refused(head: object) -> None:
    arrays = PACKED.partition(b"\n")[2]
    with pytest.raises(ValueError, match="no rows"):
        unpack(json.dumps(head).encode() + b"\n" + arrays)


CALENDAR = POLICY.calendar
OTHERS = [
    replace(POLICY, calendar=replace(CALENDAR, zone=ZoneInfo("Asia/Tokyo"))),
    replace(POLICY, calendar=replace(CALENDAR, workdays=frozenset({0, 1, 2, 3}))),
    replace(POLICY, calendar=replace(CALENDAR, holidays=CALENDAR.holidays | {date(2026, 12, 24)})),
    replace(POLICY, calendar=replace(CALENDAR, closes=time(17))),
    replace(POLICY, pipeline=Pipeline((replace(STAGES[0], limit=2), *STAGES[1:]))),
    replace(POLICY, pipeline=Pipeline(STAGES[:-1])),
    replace(POLICY, cadences={"hunter6": HUNTER6}),
    replace(POLICY, cadences={**POLICY.cadences, "hunter6": replace(HUNTER6, steps=HUNTER6.steps[:5])}),
    replace(POLICY, currency="USD"),
    replace(POLICY, rates={"USD": 0.9}),
    replace(POLICY, rates={"USD": 0.8}),
    replace(POLICY, amber=0.5),
    replace(POLICY, aged_days=91),
]


def test_other_rules_have_another_name() -> None:
    names = {kept_name(policy) for policy in (POLICY, *OTHERS)}
    assert len(names) == len(OTHERS) + 1
    assert all(name.replace("-", "").isalnum() for name in names)
    same = replace(
        POLICY, calendar=replace(CALENDAR, holidays=frozenset(sorted(CALENDAR.holidays, reverse=True)))
    )
    assert kept_name(same) == kept_name(POLICY)


def test_every_process_gives_the_same_name() -> None:
    code = """
from huntertui.model.pipeline import Policy
from huntertui.rows import kept_name
print(kept_name(Policy()))
"""
    for seed in "12":
        run = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == kept_name(Policy())
