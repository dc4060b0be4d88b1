"""A first look at a file: what its columns carry, how that is known, and what they may carry."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import inside, small_store

from huntertui.exchange import Mappings
from huntertui.exchange.guessing import guessed
from huntertui.exchange.looking import look_at


@pytest.mark.parametrize(
    ("header", "samples", "field"),
    [
        ("Posti", ("ann@x.example", "bob@y.example"), "email"),
        ("Posti", ("ann@x.example", "bob@y.example", "none"), "email"),  # most are
        ("Posti", ("ann@x.example", "none"), ""),
        ("Luuri", ("+49 30 1234567", "(030) 765 43 21"), "phone"),
        ("Pvm", ("03/04/2026", "05.04.2026"), ""),
        ("Summa", ("€ 1.200,50", "900 EUR"), "value"),
        ("Summa", ("1200.50", "9.99"), "value"),
        ("Zip", ("10115", "80331"), ""),
        ("Asiakas", ("Acme GmbH", "Bolt"), "company"),
        ("Comapny Name", ("Acme",), "company"),
        ("Oportunity name", (), "title"),
        ("Kleur", ("rood",), ""),
        ("", (), ""),
        ("漢字", ("漢字",), ""),
    ],
)
def test_what_a_column_may_carry(header: str, samples: tuple[str, ...], field: str) -> None:
    assert guessed(header, samples) == field


def test_the_columns_and_how_they_are_known(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Name,Colour,Stage,Colour,\nAcme,red,new,,1\nAcme,red,,,2\nBolt,blue,won,,3\n")
    mappings = Mappings({}, {"colour colour name stage": {"stage": ""}})
    (look,) = look_at(file, mappings)
    assert (look.name, look.kind(mappings)) == ("x.csv", "plain table")
    mappings.say_of(look.header, "Colour", "tags")
    found = [(seen.label, seen.field, seen.how, seen.samples) for seen in look.columns(mappings)]
    assert found == [
        ("Name", "title", "guessed", ("Acme", "Bolt")),
        ("Colour", "tags", "yours", ("red", "blue")),
        ("Stage", "", "remembered", ("new", "won")),
        ("Colour (2)", "tags", "yours", ()),
        ("column 5", "", "", ("1", "2", "3")),
    ]
    assert {"company", "tags", "status"} <= {*look.fields(mappings)}


def test_a_look_reads_no_more_than_the_beginning(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Company\n" + "".join(f"Firm {n}\n" for n in range(50_000)))
    told: list[int] = []
    look_at(file, Mappings({}, {}), heed=told.append)
    assert told[-1] < 1_000


def test_an_export_of_our_own_is_not_asked_about(tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    assert inside("--store", small_store(tmp_path), "export", "-o", file) == 0
    assert look_at(file, Mappings({}, {})) == []
