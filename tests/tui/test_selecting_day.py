"""Selecting, acting on all of it, copying and links, through a real terminal with real key bytes."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from day import desk, dump, morning, records, sequence, start

from huntertui.model.opportunity import Priority


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return morning(tmp_path / "store.json")


def marks(rows: list[str]) -> Iterator[str]:
    """What is selected in the first lane of a wide screen, by name."""
    for row in rows:
        if found := re.match(r"│\*[^\w]*(\w+)", row):
            yield found[1]


@pytest.mark.parametrize(("columns", "lines"), [(120, 40), (80, 24)])
def test_a_burst_selects_asks_once_and_undoes_once(store: Path, columns: int, lines: int) -> None:
    before, seq = dump(store), sequence(store)
    with start(store, columns, lines) as terminal:
        terminal.type("2Vs").until("2 selected · until")
        terminal.type("tue\r").until("snoozed 2 to Tue")
        assert sequence(store) == seq + 1
        terminal.type("u").until("undone: snoozed 2 to Tue")
        assert dump(store) == before
        terminal.type("1vjp1").until("set the priority of 2 to urgent")
        terminal.type(b"\x11").leave()
    urgent = [o for o in records(store).values() if o.priority is Priority.URGENT]
    assert len(urgent) == 2


def test_the_marks_and_the_number_are_seen(store: Path) -> None:
    with start(store) as terminal:
        terminal.type("  ").until("2 selected")
        assert len(list(marks(terminal.rows))) == 2
        terminal.type("\x1b").until(lambda t: "selected" not in t.text)
        assert list(marks(terminal.rows)) == []
        terminal.type("gv").until("2 selected")
        terminal.type(b"\x11").leave()


def test_a_summary_reaches_the_clipboard(store: Path) -> None:
    desk(store).edit(1, "email", "ann@smith.example")
    with start(store) as terminal:
        terminal.type("#1\rys").until("copied the summary")
        sent = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", bytes(terminal.written))
        terminal.type(b"\x11").leave()
    assert base64.b64decode(sent[-1]).decode().splitlines()[:3] == [
        "Smithfield #1",
        "Ann Lee",
        "ann@smith.example",
    ]


@pytest.mark.parametrize(
    ("term", "settings", "links"),
    [
        ("xterm-256color", "", True),
        ("xterm-256color", "links = false\n", False),
        ("screen-256color", "", False),
        ("screen-256color", "links = true\n", True),
    ],
)
def test_links_where_the_terminal_can(store: Path, term: str, settings: str, links: bool) -> None:
    desk(store).edit(1, "email", "ann@smith.example")
    config = store.parent / ".config" / "huntertui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(settings)
    with start(store, TERM=term) as terminal:
        terminal.type("#1\r").until("ann@smith.example")
        terminal.type(b"\x11").leave()
        assert (b";mailto:ann@smith.example\x1b\\" in bytes(terminal.written)) == links
        assert (b"\x1b]8;" in bytes(terminal.written)) == links
