"""Many processes on one store that are killed all the time: see `torture.py`."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path


def test_what_was_acknowledged_survives_killing_and_nothing_is_torn(tmp_path: Path) -> None:
    script, seed = Path(__file__).with_name("torture.py"), random.randrange(10**6)
    options = ["--seconds", "18", "--processes", "8", "--records", "10000", "--seed", str(seed)]
    done = subprocess.run(
        [sys.executable, script, *options, "--folder", tmp_path], capture_output=True, text=True, check=False
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0, done.stdout
