"""Amounts and flags as other programs write them, and the messages for what they are not."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.exchange import values


@pytest.mark.parametrize(
    ("text", "cents", "currency"),
    [
        ("500000.0", 500_000_00, ""),
        ("500000", 500_000_00, ""),
        ("$22,700.00", 22_700_00, "USD"),
        ("1.234,50 €", 1_234_50, "EUR"),
        ("1.234.567", 1_234_567_00, ""),
        ("1,234,567.891", 1_234_567_89, ""),
        ("1 234,50", 1_234_50, ""),
        ("1\u202f234,50\u00a0€", 1_234_50, "EUR"),
        ("CHF 1’000.05", 1_000_05, "CHF"),
        ("12,34,567", 1_234_567_00, ""),
        ("US$ 100", 100_00, "USD"),
        ("100 eur", 100_00, "EUR"),
        ("12k", 12_000_00, ""),
        ("1.5M", 1_500_000_00, ""),
        ("1.234k", 1_234_00, ""),
        ("5 MXN", 5_00, "MXN"),
        ("1.0E7", 10_000_000_00, ""),
        ("99,5", 99_50, ""),
        ("1,234", 1_234_00, ""),
        ("0.125", 13, ""),
        ("1234.567", 1_234_57, ""),
        (".5", 50, ""),
        ("0", 0, ""),
        ("１２", 12_00, ""),
    ],
)
def test_amounts(text: str, cents: int, currency: str) -> None:
    assert values.amount(text) == (cents, currency)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("abc", "is no amount"),
        ("-5", "is no amount"),
        ("(500)", "is no amount"),
        ("1.234", "may be 1234 or a fraction"),
        ("1,2,3", "points and commas"),
        ("1.234,567,890", "points and commas"),
        ("1 2 3", "points and commas"),
        ("9" * 30, "too much"),
        ("1e99", "too much"),
        ("12 apples", "is no amount"),
        ("=1+1", "is no amount"),
        ("NaN", "is no amount"),
    ],
)
def test_no_amounts(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        values.amount(text)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("500000.0", "."),
        ("99,5", ","),
        ("1.234.567", ","),
        ("$22,700.00", "."),
        ("1.234", ""),
        ("500", ""),
        ("x", ""),
        ("", ""),
    ],
)
def test_an_amount_shows_its_decimal_mark(text: str, mark: str) -> None:
    assert values.mark_of(text) == mark


def test_the_mark_decides_what_one_cell_cannot() -> None:
    assert values.amount("1.234", ",") == (1_234_00, "")
    assert values.amount("1.234", ".") == (1_23, "")
    assert values.amount("1,234", ",") == (1_23, "")


@pytest.mark.parametrize(("text", "yes"), [("true", True), ("FALSE", False), ("1", True), ("No", False)])
def test_flags(text: str, yes: bool) -> None:
    assert values.truth(text) is yes


@pytest.mark.parametrize(("text", "share"), [("60.0", 60), ("60 %", 60), ("12,5", 12.5), ("100", 100)])
def test_probabilities(text: str, share: float) -> None:
    assert values.percent(text) == share


@pytest.mark.parametrize(("text", "code"), [("eur", "EUR"), ("€", "EUR"), ("$", "USD"), ("CHF", "CHF")])
def test_currencies(text: str, code: str) -> None:
    assert values.currency(text) == code


@given(st.text() | st.from_regex(r"[-+$€]?[\d.,' ]{1,12}[ekKM%€]?\d{0,3}", fullmatch=True))
@example("1" + "'" * 500)
@example("ß€")
def test_any_text_is_a_value_or_a_value_error(text: str) -> None:
    for parse in (
        lambda: values.amount(text),
        lambda: values.amount(text, ","),
        lambda: values.truth(text),
        lambda: values.percent(text),
        lambda: values.currency(text),
        lambda: values.mark_of(text),
    ):
        try:
            parse()
        except ValueError as error:
            message = str(error)
        else:
            continue
        assert message.startswith(("is ", "may be "))
