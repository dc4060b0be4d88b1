"""Cut the power at every moment of a store's life, and see what the disk may then hold.

    python tests/powerloss.py [--states N] [--seed N] [--only NUMBER]

A child lives the life of `store_script`; each call that changes the disk is recorded, with its data. From the
record, disks are rebuilt as a power cut may leave them. What was synced is there. Of each file, what was not
is there, missing, cut off, zeros, or some sectors of it; of the changes to names that were not synced with
their folder, none, the first few or any. A rename happens or does not. Then a store on that disk must hold
everything acknowledged and nothing torn, and life goes on.

A new name counts as safe once the folder that it stands in was synced, not by a sync of the file.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pickle
import random
import shutil
import sys
import tempfile
import time
import traceback
from itertools import count
from pathlib import Path

from disk_model import Disk, Event, Recorder, nothing
from store_check import Heard, check
from store_script import STEPS, Life, small_bulk, states
from tapped import tap

_EARLY, _LATE = 4, 8  # lives
_TRIES = 50  # at most so many cuts at one moment


def record(folder: Path, seed: int) -> list[Event]:
    """Let children live in `folder`, one after the other; return what they did to the disk.

    One lives the whole life; those before and after it die each before one of their syncs, so that the next
    begins with what was not synced.
    """
    recorder = Recorder(folder)
    chance = random.Random(seed)
    for _ in range(_EARLY):
        recorder = _live(recorder, "w", chance.randrange(1, 9))
    recorder = _live(recorder, STEPS.replace("i", ""), 0)
    for _ in range(_LATE):
        recorder = _live(recorder, chance.choice(["wwcwC", "cwC", "wCw"]), chance.randrange(1, 30))
    disk = Disk()
    for event in recorder.events:
        disk.happen(event)
    real = {
        str(place.relative_to(folder)): None if place.is_dir() else place.read_bytes()
        for place in folder.rglob("*")
    }
    assert disk.now() == real, "the store changes the disk by other calls than those of os"
    return recorder.events


def _live(recorder: Recorder, steps: str, syncs: int) -> Recorder:
    """Let a child live, until before its sync of that number if that is not 0; return what it recorded."""
    notes = recorder.root.with_name("notes")
    pid = os.fork()
    if not pid:
        ending = 1
        try:
            os.umask(0o022)

            def end() -> None:
                recorder.before_each = recorder.before_sync = nothing
                with notes.open("wb") as file:
                    pickle.dump(recorder, file)
                os._exit(0)

            left = count(syncs - 1, -1)
            life = Life(recorder.root / "team" / "store.json", recorder.tell)
            recorder.before_each = life.meanwhile
            recorder.before_sync = lambda: None if next(left) else end()
            tap(recorder.root, recorder)
            life.live(steps)
            end()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(ending)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, "the script does not even run undisturbed"
    recorded: Recorder = pickle.loads(notes.read_bytes())
    return recorded


def lay_out(folder: Path, left: dict[str, bytes | None]) -> None:
    """Make a real folder of what is left."""
    for path, content in left.items():
        place = folder / path
        if content is None:
            place.mkdir()
            place.chmod(0o2770)
        else:
            place.write_bytes(content)
            place.chmod(0o660)


def told_of(event: Event, paths: dict[int, str]) -> str:
    """In a few words what happened."""
    if event.kind == "names":
        return "names: " + ", ".join(
            f"{path} {'gone' if node is None else 'set'}" for path, node in event.names.items()
        )
    return f"{event.kind} {event.where or paths.get(event.node, '(no name)')}"


def run(wanted: int, seed: int, only: str | None, where: Path | None) -> int:
    """Cut the power so many times, at moments spread over the whole life; return the number of failures."""
    began = time.monotonic()
    states()
    seen: set[bytes] = set()
    failures = 0
    with small_bulk(), tempfile.TemporaryDirectory(dir=where) as place:
        whole = Path(place, "life")
        whole.mkdir()
        events = record(whole, seed)
        # what follows lasts no longer than this process, so syncing would only take time
        os.fsync = os.fdatasync = lambda fd: None
        disk, heard, paths = Disk(), Heard(powerless=True), dict[int, str]()
        for n, event in enumerate(events):
            if event.kind == "told":
                heard.hear(event.line)
                continue
            disk.happen(event)
            paths.update({node: path for path, node in event.names.items() if node})
            for again in range(_TRIES):
                if len(seen) >= (n + 1) * wanted / len(events) and not only:
                    break
                left = disk.after_cut(random.Random(f"{seed} {n} {again}"))
                mark = hashlib.sha256(pickle.dumps((heard.lines, left))).digest()
                if (only and only != f"{n}.{again}") or mark in seen:
                    continue
                seen.add(mark)
                folder = Path(place, "cut")
                folder.mkdir()
                try:
                    lay_out(folder, left)
                    check(folder / "team" / "store.json", heard)
                except Exception as error:
                    failures += 1
                    print(f"FAILED when the power goes after event {n} ({told_of(event, paths)}); left:")
                    for path, content in disk.now().items():
                        if left.get(path, b"") != content:
                            state = (
                                "is missing" if path not in left else f"has {_unlike(left[path], content)}"
                            )
                            print(f"        {path} {state}")
                    for path in left.keys() - disk.now().keys():
                        print(f"        {path} is there still")
                    print("   ", traceback.format_exc() if only else f"{type(error).__name__}: {error}")
                    print(
                        f"    again: python tests/powerloss.py --seed {seed} --only {n}.{again}", flush=True
                    )
                shutil.rmtree(folder)
    print(
        f"powerloss: {len(events)} events, {len(seen)} disks, {failures} failures, seed {seed}, "
        f"{time.monotonic() - began:.0f} s"
    )
    return failures


def _unlike(left: bytes | None, content: bytes | None) -> str:
    if left is None or content is None:
        return "become something else"
    same = next((n for n, (a, b) in enumerate(zip(left, content, strict=False)) if a != b), len(left))
    return f"{len(left)} of {len(content)} bytes, the first {same} as written"


def main() -> int:
    parser = argparse.ArgumentParser(description="Cut the power at every moment of a store's life.")
    parser.add_argument("--states", type=int, default=5000, help="so many disks")
    parser.add_argument("--folder", type=Path, help="where (default: the system's for what is temporary)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--only", help="one disk, as it was printed")
    options = parser.parse_args()
    return min(run(options.states, options.seed, options.only, options.folder), 1)


if __name__ == "__main__":
    sys.exit(main())
