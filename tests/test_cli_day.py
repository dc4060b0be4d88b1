"""What the command line says of the day: prospects that are too many, and an import to triage."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import cli, inside, small_store
from desks import Clock, desk_at

from huntertui.config import Config
from huntertui.desk import Desk
from huntertui.themes import Theme

HEADER = "First Name,Last Name,Company,Created Date\n"


def leads(path: Path, count: int, created: str = "") -> Path:
    path.write_text(HEADER + "".join(f"Ann,Lee{at},C{at},{created}\n" for at in range(count)))
    return path


def test_an_import_of_more_prospects_than_days_carry(tmp_path: Path) -> None:
    store, file = tmp_path / "store.json", leads(tmp_path / "leads.csv", 40)
    dry = cli("--store", store, "import", file, "--dry-run")
    assert "touches are due" not in dry.stderr
    done = cli("--store", store, "import", file)
    assert done.returncode == 0
    assert "touches are due in 10 days; at 10 a day 100 can be done" in done.stderr
    assert "triage" not in done.stderr


def test_an_import_that_fits(tmp_path: Path) -> None:
    store, file = tmp_path / "store.json", leads(tmp_path / "leads.csv", 3)
    done = cli("--store", store, "import", file)
    assert not done.stderr


def test_an_old_import_says_where_it_is_decided(tmp_path: Path) -> None:
    store, file = tmp_path / "store.json", leads(tmp_path / "leads.csv", 3, "2019-05-01")
    done = cli("--store", store, "import", file)
    assert "3 to triage" in done.stdout
    assert done.stderr == "huntertui: huntertui, then g i decides on what is to triage, many at a time\n"


@pytest.mark.parametrize(("code", "said"), [(0, True), (129, False)])
def test_leaving_mentions_promises_and_asks_nothing(
    tmp_path: Path, code: int, said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    path = small_store(tmp_path)

    def screen(desk: Desk, _: Config, __: Theme, ___: bool) -> int:
        desk.add("Ann Lee @zeta")
        desk.set_step(7, "=today 16:00 call")
        return code

    assert inside("--store", path, screen=screen) == code
    told = "huntertui: promised for today and left: 1; huntertui, then g e goes through them\n"
    assert capsys.readouterr().err == (told if said else "")
    assert desk_at(path, Clock()).opportunity(7)
