"""Saved views in the shell: kept, told, shared, deleted, and what goes by them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commandline import ME, inside, small_store
from desks import Clock, desk_at


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The small world, in which I have the view "big" and ben shares "mine"."""
    path = small_store(tmp_path)
    for who, name, query in ((ME, "big", "value>40k"), ("ben", "mine", "owner:me")):
        desk = desk_at(path, Clock(), who)
        desk.save_view(name, query)
        if who == "ben":
            desk.share_view(desk.view(name).id)
        desk.store.close()
    return path


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["views"], 0, "big: value>40k\nmine: owner:me · ben's · shared\n"),
        (["views", "--plain"], 0, f"big\tvalue>40k\t{ME}\t\nmine\towner:me\tben\tshared\n"),
        (["views", "show", "bi"], 0, "big: value>40k\n"),
        (["views", "show", "bgi"], 2, "no view 'bgi': did you mean big?"),
        (["views", "save"], 2, "save which view?"),
        (["views", "save", "hot"], 2, "views save hot what?"),
        (["views", "save", "hot", "late>x"], 2, "late>x is no number of days"),
        (["views", "save", "hot", "--", "-company:acme", "value>1k"], 0, "saved view hot: -company:ac"),
        (["views", "save", "BIG", "value>50k"], 0, "view BIG: value>50k"),
        (["views", "share", "big"], 0, "view big is shared with everybody\n"),
        (["views", "delete", "big", "-q"], 0, ""),
        (["views", "delete", "mine"], 2, "view mine is ben's"),
        (["views", "delete", "big", "x"], 2, "views delete takes no words"),
        (["find", "--view", "big", "--plain"], 0, "3\tprospects"),
    ],
)  # fmt: skip
def test_views(
    args: list[str], code: int, told: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert inside("--store", store, *args) == code
    said = capsys.readouterr()
    assert (said.err.removeprefix("huntertui: ") if code else said.out).startswith(told)


def test_what_is_saved_can_be_undone(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", store, "views", "save", "hot", "value>1k", "--json") == 0
    assert json.loads(capsys.readouterr().out)["change"]
    assert inside("--store", store, "undo") == 0
    capsys.readouterr()
    assert inside("--store", store, "views", "--json") == 0
    assert [view["name"] for view in json.loads(capsys.readouterr().out)["views"]] == ["big", "mine"]
