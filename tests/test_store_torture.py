"""Many processes on one store that are killed all the time: see `torture.py`."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("kind", "seconds", "rate"), [("tiny", 18, 60), ("postgres", 9, 12)])
def test_what_was_acknowledged_survives_killing_and_nothing_is_torn(
    kind: str, seconds: int, rate: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    script, seed = Path(__file__).with_name("torture.py"), random.randrange(10**6)
    options = ["--seconds", str(seconds), "--processes", "8", "--records", "10000", "--seed", str(seed)]
    options += ["--rate", str(rate)]
    if kind == "postgres":
        server = request.getfixturevalue("postgres")
        options += ["--store", server.url(server.emptied())]
    done = subprocess.run(
        [sys.executable, script, *options, "--folder", tmp_path], capture_output=True, text=True, check=False
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0, done.stdout
