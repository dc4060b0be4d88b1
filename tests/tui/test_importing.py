"""Importing in the workday: the steps in a real terminal, and what a person can do wrong at each."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from day import ME, desk, dump, morning, of, records, sequence, start
from desks import Clock, desk_over
from hands import Hands
from hostile import CONTROLS, MARKUP, steers
from terminal import Terminal

from huntertui.exchange import TakingIn
from huntertui.model.pipeline import NewStage
from huntertui.store import open_store
from huntertui.tui import bringing
from huntertui.tui.importing import Files

ASIAKKAAT = """Asiakas;Yhteys;Posti;Tel;Summa;Stage;Pvm;Sarja
Acme GmbH;Ann Lee;ann@acme.example;+49 30 1234567;€ 1.200,50;Legal check;03/04/2026;rood
Bolt BV;Bob Roe;bob@bolt.example;+31 20 7654321;€ 900,00;Tarjous;05/04/2026;
Cedar;Cem Ak;;;€ 10,00;Legal check;05/05/2026;blauw
Dorset;Dan Fox;;;veel;Legal check;05/05/2026;blauw
"""
LEADS = "Company,Contact,Email\nNova,Zoe New,zoe@nova.example\nOrbit,Ola Orr,ola@orbit.example\n"
ESC, GO_ON = "\x1b", "\x13"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A home with a store and two files to import."""
    morning(tmp_path / "store.json")
    (tmp_path / "asiakkaat.csv").write_text(ASIAKKAAT)
    (tmp_path / "leads.csv").write_text(LEADS)
    return tmp_path


@pytest.fixture
def terminal(folder: Path) -> Iterator[Terminal]:
    with start(folder / "store.json") as opened:
        yield opened


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_from_an_unknown_header_to_items_and_back(folder: Path, size: tuple[int, int]) -> None:
    store, before = folder / "store.json", dump(folder / "store.json")
    with start(store, *size, NO_COLOR="1") as terminal:
        terminal.type(":import ~/as\t").until("→ asiakkaat.csv,")
        terminal.type("\r").until("which column says who it is?").until("company?")
        terminal.type("\r").until("What Asiakas carries: (Acme GmbH").type("\r").until(
            "asiakkaat.csv: plain table"
        )
        terminal.type("jperson\rj\r\rjj\r\rjjcreated\r").until(
            lambda t: "created" in t.text and "yours" in t.text
        )
        terminal.type(GO_ON).until("d  day-first: 3 April 2026").until("m  month-first: 4 March 2026")
        terminal.type("d").until("Legal check").until("guessed").until("+ keeps it")
        terminal.type("nego\r").until("negotiation").type(GO_ON)
        terminal.until("2 would be added from asiakkaat.csv").until("1 rejected")
        terminal.until("Cedar #3 is yours")
        terminal.until("Acme GmbH, Ann Lee · negotiation").until("line 5, Summa: 'veel' is no amount")
        assert dump(store) == before
        terminal.type("\r").until("2 added, 1 merged, 1 rejected; u takes it back")
        terminal.until("put them right and")
        assert of(store, "Acme GmbH").stage == "negotiation"
        assert (of(store, "Bolt BV").owner, of(store, "Bolt BV").value) == (ME, 90_000)
        terminal.type("u").until("undone: imported 2 from asiakkaat.csv")
        assert dump(store) == before
        terminal.type(":import ~/asiakkaat.csv\r").until("remembered").type("\r")  # on the last row: go on
        terminal.until("d  day-first").type(ESC).until("remembered").type(ESC).until(
            "import: ~/asiakkaat.csv"
        )
        terminal.type(f"{ESC}q")
        assert terminal.leave() == 0
    assert "Dorset" in (folder / "asiakkaat.csv.rejects.csv").read_text("utf-8-sig")
    kept = json.loads((folder / ".config/huntertui/columns.json").read_text())["columns"]
    assert [*kept.values()] == [
        {"asiakas": "company", "yhteys": "person", "posti": "email", "summa": "value", "pvm": "created"}
    ]


def test_a_file_that_is_known_takes_its_name_and_two_enters(folder: Path, terminal: Terminal) -> None:
    terminal.type(":import ~/leads.csv\r").until("leads.csv: plain table").until("Go on (Enter)")
    terminal.type("\r").until("2 would be added from leads.csv").type("\r").until("u takes it back")
    assert {"Nova", "Orbit"} <= {o.company for o in records(folder / "store.json").values()}
    assert not (folder / ".config/huntertui/columns.json").exists()  # nothing was said
    terminal.type(":import ~/leads.csv\r").until("leads.csv: plain table").type("\r")
    terminal.until("0 would be added from leads.csv, 2 merged").type("\r").until("Nothing new")


def test_a_burst_of_enters_writes_nothing_unseen(folder: Path, terminal: Terminal) -> None:
    before = sequence(folder / "store.json")
    terminal.type(":import ~/leads.csv\r\r\r\r\r\r").until("Import this?").rest()
    assert sequence(folder / "store.json") == before
    terminal.type("\r").until("2 added")


def test_several_files_in_one_run(folder: Path, terminal: Terminal) -> None:
    (folder / "firms.csv").write_text("Company,Country\nPolar,DE\n")
    terminal.type(":import ~/firms.csv ~/le\t\r").until("firms.csv (1 of 2)").type("\r")
    terminal.until("leads.csv (2 of 2)").type(ESC).until("firms.csv (1 of 2)").type("\r")
    terminal.until("leads.csv (2 of 2)").type("\r").until("3 would be added from firms.csv, leads.csv")
    terminal.type("\r").until("3 added, 0 merged")
    assert of(folder / "store.json", "Polar").country == "DE"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("~/nowhere.csv", "there is no file /"),
        ("~/", "is a folder"),
        ("'~/a", "a quote is not closed"),
        ("~/leads.csv ~/leads.csv", "is named twice"),
        ("/dev/zero", "is no plain file"),
        ("~/store.json", "store.json"),
        ("~/empty.csv", "is empty: export it again"),
        ("~/page.pdf", "is a PDF, which holds no table: export the list as CSV"),
        ("~/pass.csv", "cannot be read"),
    ],
)
def test_a_faulty_path_says_what_to_do_and_stays(hands: Hands, folder: Path, typed: str, said: str) -> None:
    (folder / "empty.csv").touch()
    (folder / "page.pdf").write_bytes(b"%PDF-1.4")
    (folder / "pass.csv").symlink_to(folder / "gone.csv") if os.geteuid() == 0 else (
        folder / "pass.csv"
    ).touch(0)
    said = "there is no file" if typed == "~/pass.csv" and os.geteuid() == 0 else said
    hands.type(f":import⏎{typed}⏎")
    prompt = hands.steering.prompt
    assert prompt is not None
    assert said in prompt.state(400).text
    assert (prompt.text, hands.steering.panel, hands.steering.bringing) == (typed, None, None)
    before = hands.desk.seq
    hands.type("^u~/leads.csv⏎").type("⏎⏎")
    assert hands.desk.seq == before + 1


def test_a_faulty_path_in_a_terminal(folder: Path, terminal: Terminal) -> None:
    terminal.type(":import ~/lead.csv\r").until("there is no file").type("\x7f\x7f\x7f\x7f\t\r")
    terminal.until("leads.csv: plain table").type(f"{ESC}").until("import: ~/leads.csv").type(ESC)
    terminal.until(lambda t: "import:" not in t.text)


@pytest.fixture
def hands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """Hands at a desk over a store in memory, with a home; each step is waited for."""
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr(bringing, "AT_ONCE", 20)
    clock = Clock()
    made = Hands(desk_over(open_store("memory:", "ana", clock=clock), clock))
    made.steering.files = Files(columns=folder / "columns.json")
    return made


def title(hands: Hands) -> str:
    return hands.steering.panel.state().title if hands.steering.panel is not None else ""


def shown(hands: Hands) -> str:
    assert hands.steering.panel is not None
    return "\n".join(line.text for line in hands.steering.panel.state().lines)


STEPS = [
    (":import⏎", "", ""),
    ("~/asiakkaat.csv⏎", "asiakkaat.csv: which column says who it is?", ""),
    ("⏎", "What Asiakas carries: (Acme GmbH, Bolt BV, Cedar, Dorset)", "asiakkaat.csv: which column"),
    ("⏎jjjjjjcreated⏎", "asiakkaat.csv: plain table", "import"),
    ("^s", "Day first, or month first?", "asiakkaat.csv: plain table"),
    ("d", "Stages: theirs, how many rows, and ours", "Day first"),
    ("v", "Legal check is: v (+NAME after STAGE: a new one)", "Stages"),
    ("⏎^s", "Import this? Enter imports, Esc goes back", "Stages"),
]


@pytest.mark.parametrize("upto", range(1, len(STEPS) + 1))
def test_esc_goes_back_a_step_and_writes_nothing(hands: Hands, folder: Path, upto: int) -> None:
    before = hands.desk.seq
    for keys, heading, _ in STEPS[:upto]:
        hands.type(keys)
        assert title(hands) == heading
    back = STEPS[upto - 1][2]
    hands.type("␛")
    if back == "import":
        assert hands.steering.prompt is not None
        assert hands.steering.prompt.text == "~/asiakkaat.csv"
    assert title(hands).startswith(back if back != "import" else "")
    hands.type("␛" * 8)
    s = hands.steering
    assert (s.panel, s.prompt, s.bringing, hands.desk.seq) == (None, None, None, before)
    assert not (folder / "columns.json").exists()


def test_going_back_changes_the_answers(hands: Hands) -> None:
    hands.type("".join(keys for keys, _, _ in STEPS))
    hands.type("␛␛").type("m").type("^s⏎")  # from what would come, by the stages, to the dates
    assert hands.said.startswith("4 added")
    first = hands.desk.opportunity(1)
    assert first is not None
    assert (first.created.month, first.created.day, first.stage) == (3, 4, "verbal")


def test_a_column_is_taken_for_nothing_by_a_key(hands: Hands) -> None:
    hands.type(":import ~/leads.csv⏎kk-")
    assert "Contact              -              yours" in shown(hands)
    hands.type("k⌫")
    assert title(hands) == "leads.csv: which column says who it is?"
    hands.type("^s")
    assert "no column says who it is" in hands.said
    hands.type("jcontact⏎")  # of no such name
    assert title(hands) == "What Contact carries: contact (Zoe New, Ola Orr)"
    hands.type("^uperson⏎^s⏎")
    assert hands.said.startswith("2 added")
    one = hands.desk.opportunity(1)
    assert one is not None
    assert (one.company, one.extra) == ("", {"Company": "Nova"})


def test_what_was_said_holds_for_that_header_alone(hands: Hands, folder: Path) -> None:
    (folder / "others.csv").write_text("Company,Contact,Phone\nOther,Otto,+49 30 7654321\n")
    hands.type(":import ~/leads.csv ~/others.csv⏎kk-^s^s⏎")
    assert [o.contacts[0].name for o in map(hands.desk.opportunity, (1, 2, 3)) if o] == ["", "", "Otto"]
    kept = json.loads((folder / "columns.json").read_text())["columns"]
    assert kept == {"company contact email": {"contact": ""}}


def test_what_was_said_is_kept_where_nothing_new_comes_too(hands: Hands, folder: Path) -> None:
    hands.type(":import ~/leads.csv⏎⏎⏎").type("⏎")
    hands.type(":import ~/leads.csv⏎k⏎⏎^s⏎")
    assert title(hands) == "Nothing new"
    kept = json.loads((folder / "columns.json").read_text())["columns"]
    assert kept == {"company contact email": {"email": "email"}}


def test_nothing_that_stands_in_a_file_steers_or_is_read_as_markup(folder: Path) -> None:
    names = [*MARKUP, *(text.replace("\r", "") for text in CONTROLS)]
    hard = folder / f"x{ESC}]2;PWNED{ESC}\\.csv"
    hard.write_text(
        f"Company,{names[0]},Stage\n" + "".join(f'"{name}","{name}","{name}"\n' for name in names)
    )
    with start(folder / "store.json") as terminal:
        terminal.type(":import ~/x\t").until("→ x").type("\r").until("plain table")
        terminal.type("kk\r").until("What").type(ESC).until("plain table").type(GO_ON).until("Stages")
        terminal.type("\r").until(" is: (+NAME").type(f"{ESC}{GO_ON}").until("would be added").until(names[0])
        terminal.type("\r").until("u takes it back").type(":import ~/x\t\r").until("plain table")
        terminal.type(ESC).rest().type(ESC).rest().type("q")
        assert terminal.leave() == 0
        assert steers(bytes(terminal.written)) == []


# What takes long


class Slow:
    """A plan, or a writing, that waits in the middle until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.begun, self.go = Event(), Event()
        does = getattr(TakingIn, name)

        def slow(*given: Any) -> Any:
            self.begun.set()
            assert self.go.wait(20)
            return does(*given)

        monkeypatch.setattr(TakingIn, name, slow)
        monkeypatch.setattr(bringing, "AT_ONCE", 0.01)


def look(hands: Hands, until: Callable[[], bool]) -> None:
    """Look around, as the workday does, until something holds."""
    end = time.monotonic() + 20
    while not until():
        assert time.monotonic() < end, title(hands)
        hands.steering.follow()


def test_the_keys_are_heeded_while_it_is_compared_and_esc_stops_it(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.type(":import ~/leads.csv⏎")
    slow, before = Slow(monkeypatch, "plan"), hands.desk.seq
    hands.type("⏎")
    look(hands, lambda: title(hands) == "Comparing leads.csv")
    assert slow.begun.wait(20)
    hands.type("xq⏎").type("␛")
    assert hands.said == "stopping"
    slow.go.set()
    look(hands, lambda: title(hands) == "leads.csv: plain table")
    assert hands.said == "stopped: nothing was written"
    hands.type("⏎")
    look(hands, lambda: title(hands).startswith("Import this?"))
    hands.type("⏎")
    look(hands, lambda: hands.said.startswith("2 added"))
    assert hands.desk.seq == before + 1


def test_a_colleague_changes_things_meanwhile(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.type(":import ~/leads.csv⏎⏎")
    assert title(hands).startswith("Import this?")
    desk_over(hands.desk.store, Clock(), "ben").add("Zoe New @Nova")
    hands.steering.follow()
    hands.type("⏎")
    assert hands.said == "1 added, 1 merged, 0 rejected; u takes it back"


@pytest.mark.parametrize("step", ["plan", "write"])
def test_the_end_of_the_program_stops_it_and_waits_for_that(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    hands.type(":import ~/leads.csv⏎" if step == "plan" else ":import ~/leads.csv⏎⏎")
    slow = Slow(monkeypatch, step)
    hands.type("⏎")
    assert slow.begun.wait(20)
    ended = Thread(target=hands.steering.hang_up)
    ended.start()
    slow.go.set()
    ended.join(20)
    assert not ended.is_alive()
    assert hands.steering.bringing is None
    assert hands.desk.store.find("opportunities") == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143)])
def test_a_window_that_is_closed_leaves_no_lock_and_no_half(
    folder: Path, number: signal.Signals, code: int
) -> None:
    store, before = folder / "store.json", dump(folder / "store.json")
    lines = (f"Firm {n},Ann {n},ann{n}@firm{n}.example\n" for n in range(20_000))
    (folder / "many.csv").write_text("Company,Contact,Email\n" + "".join(lines))
    with start(store) as terminal:
        terminal.type(":import ~/many.csv\r").until("plain table").type("\r").until("Comparing many.csv")
        terminal.until("%").type("j").rest(0)
        os.kill(terminal.pid, number)
        assert terminal.leave() == code
    assert dump(store) == before
    mine = desk(store)
    with mine.store:
        assert mine.add("Gil Ray @Granite").seq is not None


# Who may do what


def test_who_is_confined_has_his_own_folder_alone(hands: Hands, folder: Path) -> None:
    own = folder / "members" / "ana"
    (own / "imports").mkdir(parents=True)
    (own / "imports" / "leads.csv").write_text(LEADS)
    (own / "imports" / "link.csv").symlink_to(folder / "asiakkaat.csv")
    hands.steering.files = Files(own, own / "columns.json")
    for typed in ("~/asiakkaat.csv", str(folder / "asiakkaat.csv"), "../config.toml", "link.csv", ".."):
        hands.type(f":import⏎{typed}⏎")
        prompt = hands.steering.prompt
        assert prompt is not None
        assert "only the name of a file in" in prompt.state(400).text
        assert (hands.steering.panel, prompt.text) == (None, typed)
        hands.type("␛")
    hands.type(":import⏎../")
    hands.steering.take("tab")
    assert hands.steering.prompt is not None
    assert hands.steering.prompt.text == "../"
    hands.type("^ule")
    hands.steering.take("tab")
    assert hands.steering.prompt.text == "leads.csv "
    hands.type("⏎⏎⏎")
    assert hands.said.startswith("2 added")


@pytest.mark.parametrize(("begin", "why"), [("W", "Esc ends working through"), ("ge", "Esc ends the review")])
def test_it_waits_for_what_is_under_way(hands: Hands, begin: str, why: str) -> None:
    hands.desk.add("Ann Lee @Acme today")
    hands.steering.follow()
    hands.type(f"{begin}:import ~/leads.csv⏎")
    assert hands.steering.prompt is not None
    assert f"import has to wait: {why}" in hands.steering.prompt.state(200).text


def test_nothing_is_imported_into_a_store_that_takes_nothing(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(hands.desk.store), "read_only", property(lambda _: "a sync failed"))
    hands.type(":import ~/leads.csv⏎")
    assert hands.steering.prompt is not None
    assert "read-only: a sync failed" in hands.steering.prompt.state(200).text


@pytest.mark.parametrize("wait", [False, True])
def test_a_file_in_the_place_of_the_rejects_stays(
    hands: Hands, folder: Path, monkeypatch: pytest.MonkeyPatch, wait: bool
) -> None:
    there = folder / "asiakkaat.csv.rejects.csv"
    there.write_text("mine")
    hands.type("".join(keys for keys, _, _ in STEPS[:3]) + "⏎jjjjvalue⏎^s")
    slow = Slow(monkeypatch, "plan") if wait else None
    hands.type("^s")
    if slow is not None:
        assert title(hands) == "Comparing asiakkaat.csv"
        slow.go.set()
    look(hands, lambda: title(hands).startswith("Stages"))
    assert "is there already" in hands.said
    assert there.read_text() == "mine"


def test_after_a_long_comparison_it_stays_too_and_can_be_left(
    hands: Hands, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "asiakkaat.csv.rejects.csv").write_text("mine")
    hands.type("".join(keys for keys, _, _ in STEPS[:3]) + "⏎jjjjvalue⏎^s")
    slow = Slow(monkeypatch, "plan")
    hands.type("^s")
    slow.go.set()
    look(hands, lambda: "is there already" in hands.said)
    assert title(hands).startswith("Stages")
    hands.type("␛")
    assert not title(hands).startswith("Stages")


# Stages that become the team's


def test_a_stage_of_theirs_becomes_one_of_the_team(folder: Path) -> None:
    store = folder / "store.json"
    rows = "Nova,1 - New\nOrbit,2 - Legal check\nPolar,3 - Negotiation\n"
    (folder / "deals.csv").write_text(f"Company,Stage\n{rows}")
    with start(store, 80, 24) as terminal:
        terminal.type(":import ~/deals.csv\r").until("plain table").type("\r").until("guessed by its number")
        terminal.type("+").until("+legal-check").type("\r").until("new, after")
        terminal.type(GO_ON).until("new stage of the team: legal-check").type("\r")
        terminal.until("new in the team's pipeline: legal-check").type("u").until("undone: imported 3")
        terminal.type(":import ~/deals.csv\r").until("plain table").type("\r")  # it is known by its name
        terminal.until("Stages").type(GO_ON).until("3 would be added").type("\r").until("3 added").type("qq")
        assert terminal.leave() == 0
    assert "legal-check" in (folder / "team.toml").read_text()
    assert of(store, "Orbit").stage == "legal-check"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("+⏎", "there is no file of the team here"),
        ("+legal after nowhere⏎", "there is no file of the team here"),
        ("zzz⏎", ""),
    ],
)
def test_what_a_stage_cannot_be_is_said_and_asked_again(hands: Hands, typed: str, said: str) -> None:
    hands.type("".join(keys for keys, _, _ in STEPS[:6]) + typed)
    assert said in hands.said
    assert title(hands).startswith("Legal check is")
    hands.type("␛")
    assert title(hands).startswith("Stages")


def test_a_new_stage_may_be_told_its_name_and_place(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[NewStage] = []
    monkeypatch.setattr(hands.desk, "team_file", Team(added))
    hands.type("".join(keys for keys, _, _ in STEPS[:6]) + "+legal after nowhere⏎")
    assert "no stage 'nowhere'" in hands.said
    hands.type("^u+legal after proposal⏎")
    assert "legal            new, after proposal: closing" in shown(hands)
    hands.type("␛␛").type("^s")  # to the columns and back
    assert "legal            new, after proposal: closing" in shown(hands)
    hands.type("+offer before proposal⏎^s")
    assert added == []
    hands.type("⏎")
    assert [one.stage.name for one in added] == ["legal", "offer"]
    assert hands.said.startswith("4 added")


class Team:
    """A file of the team's that takes everything."""

    shut = ""

    def __init__(self, added: list[NewStage]) -> None:
        self._added = added

    def add(self, new: Sequence[NewStage]) -> None:
        self._added += new
