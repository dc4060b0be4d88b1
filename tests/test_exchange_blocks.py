"""Rows that are read together, each part of them once, become what each of them becomes alone."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntertui.exchange.drafting import AnyDrafter, drafter_of
from huntertui.exchange.drafts import Draft
from huntertui.exchange.rows import RowError
from huntertui.exchange.tables import Table, tables_of
from huntertui.model.calendar import Calendar
from huntertui.model.codec import to_doc
from huntertui.model.pipeline import Policy
from huntertui.model.team import Member, Team

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POLICY = Policy(calendar=Calendar(ZoneInfo("Europe/Berlin")), team=Team((Member("ana"), Member("ben"))))

# Columns of each kind of file, some twice, and one that nobody knows; what may stand in their cells.
DEALS = (
    "Opportunity Name", "Company", "Stage", "Status", "Is Closed", "Is Won", "Probability", "Amount",
    "Currency", "Close Date", "Closed Date", "Lost Reason", "Loss Reason", "Next Step", "Next Step Type",
    "Next Step Date",
    "Meeting Date", "Owner", "Created Date", "Create Date", "Last Activity Date", "Priority", "Tags", "Notes",
    "Country", "Deleted", "Is Deleted", "Fax",
)  # fmt: skip
FILES = {
    "a list": DEALS,
    "people in deals": (*DEALS, "Contact", "Email", "Phone", "Job Title", "First Name", "Last Name"),
    "ours": ("huntertui id", *DEALS, "Other Contacts", "Wants No Contact", "Parked Until", "Other Columns"),
    "salesforce": (
        "Id", "IsDeleted", "AccountId", "Name", "StageName", "Amount", "CloseDate", "IsClosed", "IsWon",
        "OwnerId", "CreatedDate", "LastActivityDate", "NextStep", "Description", "ForecastCategory", "Type",
    ),
}  # fmt: skip
CELLS = {
    "Date": ("", "2026-11-01", "2026-12-24T10:30:00Z", "2027-02-01", "2026-11-20 14:00", "none"),
    "Until": ("", "2027-02-01"),
    "Is": ("", "true", "false", "no"),
    "Deleted": ("", "", "false"),
    "Amount": ("", "1200.50", "90", "0", "€ 12", "-"),
    "Currency": ("", "EUR", "KWD"),
    "Probability": ("", "60", "0"),
    "Stage": ("proposal", "Closed Won", "Lost", "Legal check", "new", "60%", ""),
    "": ("", "ana", "Ann Lee", "a@b.example", "+49 30 1234567", "open", "high", "a; b", "  two words ",
         "call", "Größe “x”", "it's", "x | y", "Fax: 1", "an odd \U0001f600", "001A", "price"),
}  # fmt: skip
BAD = "never ever"


def rows_of(header: tuple[str, ...]) -> st.SearchStrategy[list[list[str]]]:
    """Rows of that table, nearly all of them such as can be read, some too short."""
    columns = [
        st.sampled_from(next(cells for word, cells in CELLS.items() if word in name)) for name in header
    ]
    row = st.tuples(*columns).map(list)
    bad = st.tuples(row, st.integers(0, len(header) - 1)).map(lambda one: [*one[0][: one[1]], BAD])
    return st.lists(st.one_of(row, row, row, bad), min_size=1, max_size=12)


def table(tmp_path: Path, header: tuple[str, ...], rows: list[list[str]]) -> Table:
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    (found,) = tables_of(path)
    return found


def drafter(found: Table) -> AnyDrafter:
    return drafter_of(found.layout, POLICY, "ana", NOW, {}, {})


def told(draft: object) -> object:
    """What can be compared of what a row becomes."""
    if not isinstance(draft, Draft):
        return draft
    return draft.line, json.loads(draft.json), draft.key, draft.role, draft.links


@pytest.mark.parametrize("header", FILES.values(), ids=FILES)
@given(data=st.data())
def test_each_row_becomes_what_it_becomes_alone(
    tmp_path_factory: pytest.TempPathFactory, header: tuple[str, ...], data: st.DataObject
) -> None:
    found = table(tmp_path_factory.mktemp("blocks"), header, data.draw(rows_of(header)))
    lines = list(found.rows())
    together, alone = drafter(found), drafter(found)
    drafts = together.drafts(lines) if lines else []
    singles = [draft for line in lines for draft in alone.drafts([line])]
    assert sorted(map(repr, map(told, drafts))) == sorted(map(repr, map(told, singles)))
    assert (together.met, together.guessed) == (alone.met, alone.guessed)


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON, each of whose names has to come once."""
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


@pytest.mark.parametrize("header", FILES.values(), ids=FILES)
@given(data=st.data())
def test_its_json_is_its_document(
    tmp_path_factory: pytest.TempPathFactory, header: tuple[str, ...], data: st.DataObject
) -> None:
    found = table(tmp_path_factory.mktemp("blocks"), header, data.draw(rows_of(header)))
    for draft in drafter(found).drafts(list(found.rows()) or [(1, [])]):
        if not isinstance(draft, Draft):
            continue
        o = draft.opportunity
        assert json.loads(draft.json, object_pairs_hook=once) == to_doc(o)
        assert (draft.name, draft.company, draft.contacts) == (o.name, o.company, o.contacts)
        assert (draft.owner, draft.stage, draft.triage) == (o.owner, o.stage, o.triage)
        assert o.external_ids == {draft.key[0]: (draft.key[1],)}


def test_of_many_rows_each_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    rows = [[f"Deal {n}", "soon" if n % 7 == 3 else "2026-12-01"] for n in range(1000)]
    found = table(tmp_path, ("Opportunity Name", "Close Date"), rows)
    drafts = drafter(found).drafts(list(found.rows()))
    errors = sorted(draft.line for draft in drafts if isinstance(draft, RowError))
    assert errors == [n + 2 for n in range(1000) if n % 7 == 3]
    assert sorted(draft.name for draft in drafts if isinstance(draft, Draft)) == sorted(
        f"Deal {n}" for n in range(1000) if n % 7 != 3
    )


def test_rows_of_one_line_are_told_apart(tmp_path: Path) -> None:
    """As those of a file of JSON are that has no breaks."""
    found = table(tmp_path, ("Opportunity Name", "Close Date"), [["A", "2026-12-01"]])
    rows = [(1, [name, "soon" if name in "CD" else "2026-12-01"]) for name in "ABCDE"]
    drafts = drafter(found).drafts(rows)
    assert sorted(draft.name for draft in drafts if isinstance(draft, Draft)) == ["A", "B", "E"]
    assert [draft.value for draft in drafts if isinstance(draft, RowError)] == ["soon", "soon"]
