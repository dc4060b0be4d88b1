"""Amounts and flags as other programs write them, and the messages for what they are not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.exchange import values


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("500000.0", "500000", ""),
        ("500000", "500000", ""),
        ("$22,700.00", "22700", "USD"),
        ("1.234,50 €", "1234.50", "EUR"),
        ("1.234.567", "1234567", ""),
        ("1,234,567.891", "1234567.891", ""),
        ("1 234,50", "1234.50", ""),
        ("1\u202f234,50\u00a0€", "1234.50", "EUR"),
        ("CHF 1’000.05", "1000.05", "CHF"),
        ("12,34,567", "1234567", ""),
        ("US$ 100", "100", "USD"),
        ("100 eur", "100", "EUR"),
        ("12k", "12000", ""),
        ("1.5M", "1500000", ""),
        ("1.234k", "1234", ""),
        ("5 MXN", "5", "MXN"),
        ("1.0E7", "10000000", ""),
        ("99,5", "99.50", ""),
        ("1,234", "1234", ""),
        ("0.125", "0.125", ""),
        ("1234.567", "1234.567", ""),
        (".5", "0.50", ""),
        ("0", "0", ""),
        ("１２", "12", ""),
        ("12.500,- €", "12500", "EUR"),
        ("1,200.–", "1200", ""),
        ("R$ 1.234,56", "1234.56", "BRL"),
        ("1 234 kr", "1234", ""),
        ("12,50 zł", "12.5", "PLN"),
        ("3 Mio. €", "3000000", "EUR"),
    ],
)
def test_amounts(text: str, amount: str, currency: str) -> None:
    assert values.amount(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("abc", "is no amount"),
        ("-5", "is below zero"),
        ("(1,200.00)", "is below zero"),
        ("−5 €", "is below zero"),
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
    ("cells", "mark", "taken"),
    [
        (["500000.0"], ".", None),
        (["99,5"], ",", None),
        (["1.234.567"], ",", None),
        (["$22,700.00"], ".", None),
        (["1.234"], "", None),
        (["1.200 €", "15.000 €", "850"], ",", "1.200 €"),
        (["1.200", "1.200"], "", None),
        (["1.200", "1.375", "0.5"], ".", None),
        (["1.5", "1,5"], "", None),
        (["500", "x", ""], "", None),
    ],
)
def test_amounts_show_their_decimal_mark(cells: list[str], mark: str, taken: str | None) -> None:
    marks = values.Marks()
    marks.see(cells)
    assert (marks.mark, marks.taken) == (mark, taken)


def test_the_mark_decides_what_one_cell_cannot() -> None:
    assert values.amount("1.234", ",") == (Decimal(1234), "")
    assert values.amount("1.234", ".") == (Decimal("1.234"), "")
    assert values.amount("1,234", ",") == (Decimal("1.234"), "")


@pytest.mark.parametrize(("text", "yes"), [("true", True), ("FALSE", False), ("1", True), ("No", False)])
def test_flags(text: str, yes: bool) -> None:
    assert values.truth(text) is yes


@pytest.mark.parametrize(
    ("text", "share"), [("60.0", 60), ("60 %", 60), ("12,5", 12.5), ("100", 100), ("0.6", 60), ("0.6 %", 0.6)]
)
def test_probabilities(text: str, share: float) -> None:
    assert values.percent(text) == share


@pytest.mark.parametrize(
    ("text", "code"), [("eur", "EUR"), ("€", "EUR"), ("$", "USD"), ("CHF", "CHF"), ("US Dollars", "USD")]
)
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
        lambda: values.Marks().see([text]),
    ):
        try:
            parse()
        except ValueError as error:
            message = str(error)
        else:
            continue
        assert message.startswith(("is ", "may be "))
