"""What watch tells of changes, when, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from commandline import inside, small_store
from desks import Clock, desk_at

from huntertui.cli.watching import told
from huntertui.model.touch import Outcome


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return small_store(tmp_path)


@contextmanager
def watching(store: Path, *args: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "watch", *args]
    env = os.environ | {"PYTHONUNBUFFERED": "0"}
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def test_a_change_is_told_as_it_happens_and_again_from_a_position(store: Path) -> None:
    desk = desk_at(store, Clock())
    begun = desk.store.seq
    with watching(store, "--json") as process:
        first = line(process)
        assert (first["schema"], first["kind"], first["change"]) == (1, "begin", begun)
        desk.log(1, Outcome.TALKED)
        desk.set_focus("country:de")  # nobody else's business
        desk.note(2, "likes tea")
        touch, note = line(process), line(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert (touch["schema"], touch["change"], touch["by"], touch["undoes"]) == (1, begun + 1, "ana", None)
    assert touch["what"].startswith("Acme #1: talked")
    kinds = [(doc["table"], doc["id"], doc["kind"]) for doc in touch["documents"]]
    assert kinds[0] == ("opportunities", 1, "update")
    assert ("events", touch["documents"][-1]["id"], "insert") == kinds[-1]
    assert touch["documents"][0]["new"]["stage"] == "contacted"
    assert note["change"] == begun + 3
    with watching(store, "--json", "--since", str(begun + 1)) as process:
        assert [line(process)["change"], line(process)] == [begun + 1, note]
    desk.store.close()


def test_it_ends_when_nobody_reads_though_nothing_changes(store: Path) -> None:
    with watching(store, "--json") as process:
        line(process)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(20) == 141


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_it_ends_by_signals_as_shells_know_them(store: Path, number: int, code: int) -> None:
    with watching(store, "--json") as process:
        line(process)
        process.send_signal(number)
        ended = process.wait(20)
        assert (128 - ended if ended < 0 else ended) == code


def test_what_is_not_known_any_more_is_a_gap(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_at(store, Clock())
    seq = desk.store.seq
    assert [(said["kind"], said["change"]) for said in told(desk.store, 9999, seq)] == [("gap", seq)]
    monkeypatch.setattr("huntertui.store.tiny.BULK", 1)
    desk.log(1, Outcome.TALKED)
    [said] = told(desk.store, seq, seq + 1)
    assert (said["kind"], said["change"], said["added"][0]["table"]) == ("bulk", seq + 1, "events")
    record = desk.store.record
    monkeypatch.setattr(desk.store, "record", lambda n: None if n < seq else record(n))
    assert [(said["kind"], said["change"]) for said in told(desk.store, 0, seq + 1)] == [
        ("gap", seq - 1), ("change", seq), ("bulk", seq + 1),
    ]  # fmt: skip
    desk.store.close()


def test_people_and_scripts_are_told_in_words(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody_reads() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("huntertui.cli.watching._check_read", nobody_reads)
    assert inside("--store", store, "watch", "--since", "1") == 130
    assert capsys.readouterr().out.splitlines()[0] == "09:00:00 ana: added Acme #2"
    assert inside("--store", store, "watch", "--plain", "--since", "1") == 130
    assert capsys.readouterr().out.splitlines()[1] == "2\t2026-11-23T09:00:00Z\tana\tadded Acme #2"
    assert inside("--store", store, "watch", "--since", "-1") == 2
