"""Kill a process at every call by which the store changes the disk, and see what it leaves behind.

    python tests/crashpoints.py [--sample N] [--seed N] [--only POINT]

A child lives the life of `store_script` and dies before, within (a part of the bytes written) or after its
n-th call. In every third case the next child dies too, at a random call of a shorter life that begins with
what the first left. Then everything acknowledged must be there, nothing torn, and life goes on.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from store_check import Heard, check
from store_script import LIFE_AFTER, STEPS, Clock, Life, small_bulk, states
from tapped import SYNCS, WRITES, Call, os_real, tap

from huntertui.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_KILLED = 77  # exit code


@dataclass(frozen=True, slots=True)
class Point:
    """Where to die: at the n-th call, `how` is before, after or the share of the bytes to write."""

    number: int
    how: str

    def __str__(self) -> str:
        """As `--only` takes it."""
        return f"{self.number}:{self.how}"


class Executioner:
    """The hand at the tap that counts the calls, and at the point ends the process as a kill does."""

    def __init__(self, point: Point | None, tell: Callable[[str], None] | None = None) -> None:
        self.before_each: Callable[[], None] = lambda: None
        self._point = point
        self._tell = tell
        self._calls = count(1)

    def __call__(self, call: Call) -> Any:
        self.before_each()
        number = next(self._calls)
        if self._tell:
            self._tell(f"call {number} {call.name} {call.path}")
        if not self._point or number != self._point.number:
            return None if call.name in SYNCS else call.make()
        if self._point.how == "after":
            call.make()
        elif self._point.how != "before" and call.name in WRITES:
            call.make_partly(float(self._point.how))
        os._exit(_KILLED)


def live(path: Path, steps: str, point: Point | None, *, list_calls: bool = False) -> tuple[int, list[str]]:
    """Let a child live until the point; return how it ended, and what it told."""
    ear, mouth = os.pipe()
    pid = os.fork()
    if not pid:
        ending = 1
        try:
            os.umask(0o022)

            def tell(line: str) -> None:
                os_real["write"](mouth, line.encode() + b"\n")

            hand = Executioner(point, tell if list_calls else None)
            tap(path.parent.parent, hand)
            life = Life(path, tell)
            hand.before_each = life.meanwhile
            life.live(steps)
            ending = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(ending)
    os.close(mouth)
    with os.fdopen(ear) as lines:
        told = lines.read().splitlines()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), told


def points(folder: Path) -> tuple[list[Point], dict[int, str]]:
    """All points of the whole life, and what each call is."""
    ending, told = live(folder / "team" / "store.json", STEPS, None, list_calls=True)
    assert ending == 0, "the script does not even run undisturbed"
    calls = {}
    for line in told:
        if found := re.match(r"call (\d+) (.*)", line):
            calls[int(found[1])] = found[2]
    heard = Heard(powerless=False)
    for line in told:
        if not line.startswith("call "):
            heard.hear(line)
    check(folder / "team" / "store.json", heard)
    return list(_points(calls)), calls


def _points(calls: dict[int, str]) -> Iterator[Point]:
    for number, call in calls.items():
        parts = ("0.3", "0.97") if call.split()[0] in WRITES else ()
        for how in ("before", *parts, "after"):
            yield Point(number, how)


def die(folder: Path, point: Point, then: Point | None, *, watched: bool) -> None:
    """Kill one child, perhaps a second; then look. `watched`: a colleague has the store open all the time."""
    path = folder / "team" / "store.json"
    heard = Heard(powerless=False)
    with ExitStack() as stack:
        colleague = stack.enter_context(open_store(path, "eve", clock=Clock())) if watched else None
        for steps, at in [(STEPS, point)] + ([(LIFE_AFTER, then)] if then else []):
            ending, told = live(path, steps, at)
            assert ending in (0, _KILLED), f"the child failed: {told[-3:]}"
            for line in told:
                heard.hear(line)
        if colleague:
            with open_store(path, "fay", clock=Clock()) as fresh:  # takes in what was edited outside
                colleague.refresh()
                assert colleague.seq == fresh.seq, (
                    f"a follower is at {colleague.seq}, a newcomer at {fresh.seq}"
                )
                assert colleague.find("script") == fresh.find("script")
        check(path, heard)


def run(sample: int | None, seed: int, only: str | None, where: Path | None) -> int:
    """Go through the points; return the number of failures."""
    chance = random.Random(seed)
    failures = kills = 0
    began = time.monotonic()
    os.fsync = os.fdatasync = lambda fd: (
        None
    )  # what is synced or not makes no difference to a process that dies
    states()
    with small_bulk(), tempfile.TemporaryDirectory(dir=where) as place:
        everywhere, calls = points(Path(place))
        some = everywhere
        if only:
            number, how = only.split(":")
            some = [Point(int(number), how)]
        elif sample and sample < len(everywhere):
            some = sorted(chance.sample(everywhere, sample), key=everywhere.index)
        for point in some:
            dice = random.Random(f"{seed} {point}")
            then = (
                Point(dice.randrange(1, 60), dice.choice(["before", "0.5", "after"]))
                if dice.random() < 1 / 3
                else None
            )
            watched = dice.random() < 1 / 3
            folder = Path(tempfile.mkdtemp(dir=place))
            kills += 2 if then else 1
            try:
                die(folder, point, then, watched=watched)
            except Exception as error:
                failures += 1
                what = calls.get(point.number, "?")
                print(f"FAILED at {point} ({what}), then {then}{', watched' * watched}:", flush=True)
                print(
                    "   ", traceback.format_exc() if only else f"{type(error).__name__}: {error}", flush=True
                )
                print(f"    again: python tests/crashpoints.py --seed {seed} --only {point}", flush=True)
            shutil.rmtree(folder)
    print(
        f"crashpoints: {len(calls)} calls, {len(some)} of {len(everywhere)} points, {kills} deaths, "
        f"{failures} failures, seed {seed}, {time.monotonic() - began:.0f} s"
    )
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill a process at every call that changes the disk.")
    parser.add_argument("--sample", type=int, help="so many points, chosen by the seed (default: all)")
    parser.add_argument("--folder", type=Path, help="where (default: the system's for what is temporary)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--only", help="one point, as it was printed")
    options = parser.parse_args()
    return min(run(options.sample, options.seed, options.only, options.folder), 1)


if __name__ == "__main__":
    sys.exit(main())
