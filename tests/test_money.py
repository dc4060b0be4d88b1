"""Amounts are kept in the minor units of their currency, of which yen have none and dinars three digits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from huntertui.desk.edits import edited, shown
from huntertui.exchange import read
from huntertui.model.calendar import Calendar
from huntertui.model.entry import read_entry, read_money
from huntertui.model.money import amounts, digits, minor, short_money, units, written
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import Policy

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "kept", "full", "short"),
    [
        ("22700", "EUR", 2_270_000, "22,700.00 EUR", "23k"),
        ("0.125", "USD", 13, "0.13 USD", "0"),
        ("-5.5", "USD", -550, "-5.50 USD", "-6"),
        ("5000", "JPY", 5_000, "5,000 JPY", "5k"),
        ("12.5", "JPY", 13, "13 JPY", "13"),
        ("1.2345", "KWD", 1_235, "1.235 KWD", "1"),
        ("7", "CLF", 70_000, "7.0000 CLF", "7"),
        ("7", "", 700, "7.00", "7"),
    ],
)
def test_an_amount_is_kept_in_minor_units(
    amount: str, currency: str, kept: int, full: str, short: str
) -> None:
    assert minor(Decimal(amount), currency) == kept
    assert written(kept, currency) == full
    assert short_money(kept, currency) == short
    assert abs(units(kept, currency) - float(amount)) < 0.51 / 10 ** digits(currency)


def test_amounts_side_by_side() -> None:
    assert amounts({"USD": 700_000, "JPY": 3_400_000, "EUR": 14_000_000}) == "€140k + JPY 3.4M + $7k"


def test_what_is_typed_holds_for_the_currency() -> None:
    assert read_money("5k JPY") == (5_000, "JPY")
    assert read_money("5k", "JPY") == (5_000, "")
    assert read_money("5k") == (500_000, "")
    assert read_entry("Ann @acme 5k", NOW, Calendar(), "JPY").value == 5_000
    o = Opportunity(company="Acme", currency="JPY", created=NOW, clock=NOW)
    o = edited(o, "value", "1200", Policy(), NOW)
    assert (o.value, o.currency, shown(o, "value")) == (1_200, "JPY", "1200 JPY")
    o = edited(o, "value", "12 EUR", Policy(), NOW)
    assert (o.value, o.currency, shown(o, "value")) == (1_200, "EUR", "12.00 EUR")


def test_rates_compare_amounts_whatever_their_digits() -> None:
    policy = replace(Policy(), rates={"JPY": 0.01, "EUR": 1.0})
    assert policy.rate(10_000, "JPY") == policy.rate(10_000, "EUR") == 10_000


def test_an_import_keeps_yen_as_yen(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(
        "Deal Name,Stage,Amount,Currency\nA,Proposal,5000,JPY\nB,Proposal,¥700,\nC,Proposal,5,KWD\n"
    )
    (found,) = read(file, Policy(), "ana", NOW)
    kept = [(draft.opportunity.value, draft.opportunity.currency) for draft in found.drafts]
    assert kept == [(5_000, "JPY"), (700, "JPY"), (5_000, "KWD")]
