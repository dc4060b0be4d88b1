"""What the doctor finds: each fault is named, nothing else is, and nothing of a customer's is said."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sys
import termios
import tty
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from commandline import ME, inside, small_store
from desks import NOW, Clock, desk_at
from terminal import Terminal

from huntertui.cli import examining
from huntertui.cli.probing import Press, judged
from huntertui.store import checkpoint, place
from huntertui.store.lock import locks_hold


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The small world, published."""
    path = small_store(tmp_path)
    path.parent.chmod(0o2770)
    checkpoint.checkpoint(path, ME, Clock())
    return path


def examined(
    store: Path, capsys: pytest.CaptureFixture[str], code: int, env: dict[str, str] | None = None
) -> set[tuple[str, str, str]]:
    """What is found: (name, state, text)."""
    world = {name: value for name, value in os.environ.items() if name not in ("TMUX", "LC_ALL", "LANG")}
    at = NOW + timedelta(hours=1)
    assert inside("--store", store, "doctor", "--json", env=world | (env or {}), at=at) == code
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    found = {(one["name"], one["state"], one["text"]) for one in data["checks"]}
    assert data["faults"] == sum(state == "fault" for _, state, _ in found)
    assert (data["faults"] > 0) == (code == 1)
    return found


def config(name: str, text: str) -> Callable[[Path, Path], object]:
    def write(_: Path, home: Path) -> None:
        file = home / "config" / "huntertui" / name
        file.parent.mkdir(parents=True)
        file.write_text(text)

    return write


def crash(_: Path, home: Path) -> None:
    folder = home / "state" / "huntertui"
    folder.mkdir(parents=True)
    (folder / "crash-20261120T101010Z-7.log").write_text("")


def test_all_is_well(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = examined(store, capsys, 0)
    assert {name for name, _, _ in found} == {
        "versions", "identity", "settings", "keys", "team", "store", "lock", "backup", "terminal", "letters",
        "theme", "clock", "state",
    }  # fmt: skip
    assert {state for _, state, _ in found} == {"ok"}


@pytest.mark.parametrize(
    ("spoil", "env", "state", "name", "words"),
    [
        (lambda store, _: store.parent.chmod(0o777), {}, "fault", "store", "everybody may write there"),
        (lambda store, _: store.parent.chmod(0o770), {}, "warn", "store", "chmod g+s"),
        (config("config.toml", 'colour = "red"'), {}, "fault", "settings", "toml:1: colour: is unknown"),
        (config("config.toml", "[keys]\nlog-talkd = 'X'"), {}, "fault", "keys", "did you mean 'log-talked'?"),
        (config("config.toml", "theme = 'drak'"), {}, "fault", "theme", "did you mean 'dark'?"),
        (
            config("themes/dark.toml", "inherits = 'dark'\n[state]\nneglected = { fg = '#5f0000' }"),
            {}, "fault", "theme", "too little: 4.5 is the least",
        ),
        (crash, {}, "warn", "state", "1 crashed, last "),
        (
            lambda store, _: store.with_name("store.json.unreadable-20261120T101010").write_text("{"),
            {}, "warn", "store", "put aside: store.json.unreadable-20261120T101010",
        ),
        (lambda store, _: store.write_text("{"), {}, "ok", "store", "record "),
        (lambda store, _: store.unlink(), {}, "warn", "backup", "not published yet"),
        (lambda store, _: shutil.rmtree(store.parent), {}, "ok", "store", "not there yet"),
        (None, {"TERM": "dumb"}, "warn", "terminal", "the workday will not open"),
        (None, {"TERM": "xterm"}, "ok", "theme", "ansi in its place"),
        (None, {"COLORTERM": "truecolor"}, "ok", "terminal", "16,777,216 colours"),
        (None, {"NO_COLOR": "1"}, "ok", "theme", "mono in its place"),
        (None, {"TMUX": "/x", "SSH_CONNECTION": "a 1 b 2"}, "ok", "terminal", "in tmux in SSH"),
        (None, {"STY": "1.x"}, "ok", "terminal", "in GNU screen"),
        (None, {"ESCDELAY": "250"}, "ok", "terminal", "ESCDELAY 250"),
        (None, {"LANG": "de_DE.ISO-8859-1"}, "warn", "letters", "not UTF-8"),
        (None, {"LANG": "de_DE.utf8"}, "ok", "letters", "LANG=de_DE.utf8, drawn with all signs"),
        (config("config.toml", "ascii = true"), {}, "ok", "letters", "in ASCII"),
        (config("config.toml", "kitty = false"), {}, "ok", "terminal", "is not asked for, as your"),
        (config("config.toml", "[keys]\nlog-talked = 'f9'"), {}, "ok", "keys", "1 of them by keys of yours"),
        (None, {}, "ok", "keys", "no two on one key"),
        (None, {}, "ok", "state", "for what is kept of a crash"),
        (None, {"USER": "eve"}, "ok", "identity", "eve: not heeded"),
        (None, {"TZ": "Europe/Berlin"}, "ok", "clock", "Europe/Berlin, Mon 2026-11-23 "),
        (None, {}, "ok", "clock", "a working day; hours 09:00 to 18:00, Mon Tue Wed Thu Fri"),
        (None, {}, "ok", "identity", f"{ME}, by the account"),
        (None, {}, "ok", "backup", ", 0 records behind"),
        (None, {}, "ok", "lock", "flock holds"),
        (None, {}, "ok", "store", "last written by "),
    ],
)  # fmt: skip
def test_what_is_found(
    store: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path, Path], object] | None,
    env: dict[str, str],
    state: str,
    name: str,
    words: str,
) -> None:
    if spoil is not None:
        spoil(store, tmp_path)
    found = examined(store, capsys, 1 if state == "fault" else 0, env)
    assert [text for one, how, text in found if (one, how) == (name, state) and words in text], found
    others = {text for one, how, text in found if how == "fault" and words not in text}
    assert others == set()


def test_a_damaged_store(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for base in store.with_name("store.json.d").glob("*base-*"):
        base.write_text("{")
    assert any(state == "fault" and name == "store" for name, state, _ in examined(store, capsys, 1))


def test_a_network_file_system(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(place, "_mounts", lambda: f"2 1 0:2 / {store.parent} rw - nfs4 host:/team rw\n")
    found = examined(store, capsys, 1)
    assert any(state == "fault" and "type nfs4" in text for _, state, text in found)
    assert any(text.endswith("file system nfs4") for _, _, text in found)


def test_locks_that_do_not_hold(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(store.parent.rglob("*"))
    assert locks_hold(store.parent)
    monkeypatch.setattr(fcntl, "flock", lambda _fd, _how: None)
    assert any((name, state) == ("lock", "fault") for name, state, _ in examined(store, capsys, 1))
    assert sorted(store.parent.rglob("*")) == before


def test_what_was_published_long_ago_is_named(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desk_at(store, Clock(), "ana")
    desk.snooze(1, "fri")
    desk.store.close()
    assert not any(state != "ok" for _, state, _ in examined(store, capsys, 0))
    monkeypatch.setattr(examining, "OLD", timedelta(days=-9999))
    assert any((name, state) == ("backup", "warn") for name, state, _ in examined(store, capsys, 0))


def test_nothing_of_a_customers_is_said(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = desk_at(store, Clock(), "ana")
    names = {
        word
        for row in desk.book.rows()
        for text in (row.title, row.company, row.who)
        for word in text.split()
    }
    desk.note(1, "Secretive words")
    desk.store.close()
    inside("--store", store, "doctor")
    page = capsys.readouterr().out
    assert "Acme" in names
    assert not [word for word in names | {"Secretive"} if word and word in page]
    assert page.splitlines()[-1] == "0 faults, 0 to look at"
    assert {line.split()[0] for line in page.splitlines()[:-1]} == {"ok"}
    assert all(len(line.split(None, 2)) == 3 for line in page.splitlines())


def test_who_one_is_by_the_administrators_file(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir(mode=0o755)
    settings = folder / "config.toml"
    settings.write_text(f'identity = "forced"\nstore = "{store}"\n')
    settings.chmod(0o644)
    assert inside("--as", "ana", "doctor", settings=settings) == 0
    page = capsys.readouterr().out
    assert "ana, by --as, which the administrator's file lets say it" in page
    assert f"{settings} (the administrator's)\n" in page


# In a terminal


def doctored(store: Path, *words: str, **env: str) -> Terminal:
    argv = [sys.executable, "-m", "huntertui", "--store", str(store), "doctor", *words]
    return Terminal(argv, os.environ | {"LC_ALL": "C.UTF-8"} | env, 200, 60)


def asked(terminal: Terminal) -> bool:
    return terminal.written.endswith(b"\x1b[c")


def cooked(terminal: Terminal) -> bool:
    return bool(termios.tcgetattr(terminal.fd)[tty.LFLAG] & termios.ECHO)


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        (
            (b"\x1b[?0u", b"\x1b[?2026;2$y\x1b[?62", b";4c"),
            "it has kitty's keyboard protocol, takes whole frames",
        ),
        ((b"\x1b[?1;2c",), "it has not kitty's keyboard protocol, is not known to take whole frames"),
        ((), "it answers no question within 1 s"),
    ],
)
def test_the_terminal_is_asked(store: Path, replies: tuple[bytes, ...], said: str) -> None:
    with doctored(store) as terminal:
        terminal.until(asked)
        for reply in replies:
            terminal.type(reply)
        terminal.until(said)
        assert terminal.leave() == 0
        assert cooked(terminal)


PRESSED = {
    "Arrow up": ("\x1b[A", "ok     keys       Arrow up came as Esc [ A\n"),
    "Esc": ("\x1b", "ok     keys       Esc came as Esc\n"),
    "Shift+Tab": ("\t", "fault  keys       Shift+Tab came as ^I, and not as Esc [ Z\n"),
    "Page down": ("\x1b[6~", "ok     keys       Page down came as Esc [ 6 ~\n"),
    "Backspace": ("\x7f", "ok     keys       Backspace came as ^?\n"),
    "F1": ("\x1bOP", "ok     keys       F1 came as Esc O P\n"),
    "Ctrl+P": ("\x10", "ok     keys       Ctrl+P came as ^P\n"),
    "?": ("é", "fault  keys       ? came as 0xc3 0xa9, and not as ?\n"),
}


def test_keys_are_tried(store: Path) -> None:
    with doctored(store, "--keys", ESCDELAY="100") as terminal:
        terminal.until(asked).type("\x1b[?1;2c")
        for name, (keys, _) in PRESSED.items():
            terminal.until(f"press {name}").type(keys)
        terminal.until("2 faults")
        assert terminal.leave() == 1
        page = terminal.text + "\n"
        assert cooked(terminal)
    page = "".join(f"{line.rstrip()}\n" for line in page.splitlines())
    for _, told in PRESSED.values():
        assert told in page


@pytest.mark.parametrize(
    ("data", "gap", "state", "words"),
    [
        (b"\x1b[A", 99, "ok", "Arrow up came as Esc [ A"),
        (b"\x1bOA", 0, "ok", "Arrow up came as Esc O A"),
        (b"\x1b[A", 230, "warn", "in parts 230 ms apart: ESCDELAY=500"),
        (b"", 0, "warn", "nothing came"),
        (b"\x1b[B", 0, "fault", "came as Esc [ B, and not as Esc [ A or Esc O A"),
    ],
)
def test_what_is_said_of_a_key(data: bytes, gap: int, state: str, words: str) -> None:
    found = judged("Arrow up", Press(data, gap), delay=100)
    assert (found.name, found.state) == ("keys", state)
    assert words in found.text


def test_keys_are_tried_in_a_terminal_alone(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", store, "doctor", "--keys") == 1
    assert "--keys asks for keys to be pressed, and that takes a terminal" in capsys.readouterr().out
