"""Text from outside: what is kept, what is shown, and how e-mails and phones are compared."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.model.text import REPLACEMENT, clean, normalise_email, normalise_phone, shown
from huntertui.store.values import plain

ANY = st.text(st.characters())  # all code points, lone surrogates too
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
HARMLESS = {"\u200c", "\u200d"}  # joiners: emoji and some scripts need them


@pytest.mark.parametrize(
    ("text", "one", "several"),
    [
        ("  Acme [/red] Ltd ", "Acme [/red] Ltd", "Acme [/red] Ltd"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("A\x1b]2;P\x1b\\B", "A�]2;P�\\B", "A�]2;P�\\B"),
        ("a\x00b\x7fc\x9bd\x0be\x08f\u2028g", "a�b�c�d�e�f�g", "a�b�c�d�e�f�g"),
        ("a\ud800b", "a�b", "a�b"),
        ("\ufeffAcme\u202egnp.exe\u2066\u200b", "Acmegnp.exe", "Acmegnp.exe"),
        ("one\r\ntwo\rthree\n\n four", "one two three four", "one\ntwo\nthree\n\n four"),
        ("a\tb", "a b", "a b"),
        ("Mu\u0308ller", "Müller", "Müller"),
        ("👩\u200d👩\u200d👧 漢字", "👩\u200d👩\u200d👧 漢字", "👩\u200d👩\u200d👧 漢字"),
        ("\u200b \n", "", ""),
    ],
)
def test_clean_keeps_letters_and_nothing_that_steers(text: str, one: str, several: str) -> None:
    assert clean(text) == one
    assert clean(text, lines=True) == several


PARTED = re.compile("[\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\u200d\ufe0f]")
"""What is taken apart where it is shown: flags, families, skins and colours of emoji."""


@given(ANY)
@example("\U0001f1e6")
@example("e\u200b\u0301")
@example("\x1c\x85")
def test_what_is_clean_is_storable_showable_and_stays_so(text: str) -> None:
    once = clean(text)
    assert clean(once) == once == plain(once, "text") == json.loads(json.dumps(once))
    assert shown(shown(once)) == shown(once)
    lines = clean(text, lines=True)
    assert clean(lines, lines=True) == lines
    if not PARTED.search(text):
        assert shown(once) == once
        assert all(shown(line) == line for line in lines.split("\n"))


@given(ANY)
@example("\U0001f000\U0001f3fb")
def test_nothing_that_steers_is_shown(text: str) -> None:
    out = shown(text)
    assert len(out) <= len(text)
    for char in set(out) - HARMLESS:
        assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp"), ascii(char)
        assert unicodedata.bidirectional(char) not in DIRECTIONS


def test_shown_marks_each_character() -> None:
    assert shown("a\nb\u202ec\u200b\x1b") == f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT * 2}"
    assert shown("Zoë 漢字 [b]") == "Zoë 漢字 [b]"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (" Ann@Example.COM ", "ann@example.com"),
        ("mailto:ann@example.com", "ann@example.com"),
        ("<ann@example.com>", "ann@example.com"),
        ("ann", ""),
        ("@example.com", ""),
        ("ann@", ""),
        ("a b@c.d", ""),
    ],
)
def test_emails_are_compared_in_small_letters(text: str, same: str) -> None:
    assert normalise_email(text) == same


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("+44 20 7946 0958", "+442079460958"),
        ("0044-20-7946.0958", "+442079460958"),
        ("(+44) 20 79460958", "+442079460958"),
        ("tel:+442079460958", "+442079460958"),
        ("+49 (0)30 12 34 56", "+4930123456"),
        ("(0)30 12 34 56", "030123456"),
        ("030/123456", "030123456"),
        ("1-555-371-0847 x371", "15553710847x371"),
        ("1-555-371-0847 ext. 371", "15553710847x371"),
        ("1-555-371-0847", "15553710847"),
        ("１２３４５６", "123456"),
        ("123", ""),
        ("none", ""),
        ("", ""),
    ],
)
def test_phones_are_compared_by_their_digits(text: str, same: str) -> None:
    assert normalise_phone(text) == same


@given(ANY)
def test_comparing_takes_any_text(text: str) -> None:
    for normal in (normalise_email, normalise_phone):
        assert normal(normal(text)) == normal(text)
