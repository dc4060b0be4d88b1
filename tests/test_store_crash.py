"""Death at any call that changes the disk, and power cuts at any moment: see the two scripts."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("script", "options"),
    [("crashpoints.py", ["--sample", "60"]), ("powerloss.py", ["--states", "400"])],
)
def test_a_sample_of_the_moments(tmp_path: Path, script: str, options: list[str]) -> None:
    seed = str(random.randrange(10**6))
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name(script), *options, "--seed", seed, "--folder", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0, done.stdout
