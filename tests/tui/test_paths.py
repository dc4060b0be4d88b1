"""Files as a person types them: what is meant, what Tab makes of a beginning, and what is wrong."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntertui.errors import HunterError, Usage
from huntertui.tui.paths import completed, named, understood


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("deals.csv", "deals old.csv", "people.csv", ".hidden.csv", "it's.csv", "sub/inner.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Company\nAcme\n" * 100)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "files"),
    [
        ("deals.csv", ["deals.csv"]),
        ("~/deals.csv people.csv", ["deals.csv", "people.csv"]),
        ("deals old.csv", ["deals old.csv"]),  # as it stands
        ("deals\\ old.csv people.csv", ["deals old.csv", "people.csv"]),
        ("'deals old.csv' \"it's.csv\"", ["deals old.csv", "it's.csv"]),
        ("it\\'s.csv sub/inner.csv", ["it's.csv", "sub/inner.csv"]),
        (" ./deals.csv ", ["deals.csv"]),
    ],
)
def test_what_is_meant(home: Path, typed: str, files: list[str]) -> None:
    assert [path.resolve() for path in named(typed, None)] == [home / file for file in files]


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("pe", "people.csv "),
        ("~/pe", "~/people.csv "),
        ("de", "deals"),  # two go on so
        ("deals.", "deals.csv "),
        ("deals\\ o", "deals\\ old.csv "),
        ("'deals o", "deals\\ old.csv "),
        ("deals.csv pe", "deals.csv people.csv "),
        ("su", "sub/"),
        ("sub/", "sub/inner.csv "),
        (".h", ".hidden.csv "),
        ("nothing", "nothing"),
        ("nowhere/x", "nowhere/x"),
        ("it", "it\\'s.csv "),
    ],
)
def test_what_tab_makes_of_it(home: Path, typed: str, whole: str) -> None:
    assert completed(typed, None) == whole


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("de", "Tab: deals old.csv  deals.csv"),
        ("deals.csv", "→ deals.csv, 1 kB"),
        ("deals.csv people.csv", "→ deals.csv, 1 kB, people.csv, 1 kB"),
        ("sub/", "Tab: inner.csv"),
        ("", "Tab: deals old.csv  deals.csv  it's.csv  people.csv  sub"),
    ],
)
def test_what_is_said_while_it_is_typed(home: Path, typed: str, said: str) -> None:
    assert understood(typed, None) == said


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_in_either_form_of_unicode(home: Path, form: Literal["NFC", "NFD"]) -> None:
    (home / unicodedata.normalize("NFD", "Käufer.csv")).write_text("Company\nAcme\n")
    assert named(unicodedata.normalize(form, "Käufer.csv"), None)[0].exists()


def test_a_file_named_twice_in_two_ways(home: Path) -> None:
    (home / "again.csv").symlink_to(home / "deals.csv")
    with pytest.raises(Usage, match="is named twice"):
        named("deals.csv again.csv", None)


def test_a_confined_person_sees_his_folder_alone(home: Path) -> None:
    (home / "imports").mkdir()
    (home / "imports" / "mine.csv").touch()
    (home / "imports" / "folder").mkdir()
    assert completed("", home) == "mine.csv "
    assert understood("", home) == "Tab: mine.csv"
    assert completed("../", home) == "../"
    assert completed("~/", home) == "~/"
    assert completed("/etc/pas", home) == "/etc/pas"


@given(st.text(max_size=20), st.booleans())
def test_nothing_that_is_typed_breaks_it(typed: str, confined: bool) -> None:
    own = Path("/nowhere") if confined else None
    completed(typed, own)
    for does in (understood, named):
        with suppress(HunterError):
            assert does(typed, own)
