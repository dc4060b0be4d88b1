"""Numbers and addresses as links: they lead where they say, and nothing in a record can end one early."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from painting import looks
from rich.console import Console
from rich.style import Style
from textual.strip import Strip as TextualStrip

from huntertui.model.opportunity import Contact
from huntertui.tui.detail import Folded
from huntertui.tui.lines import DetailLine
from huntertui.tui.links import dialled, linked, links_of, written_to
from huntertui.tui.look import Looks

LINK = re.compile(r"\x1b\]8;id=[^;\x07\x1b]*;([^;\x07\x1b]*)\x1b\\(.*?)\x1b\]8;;\x1b\\", re.S)
SAFE = re.compile(r"(tel:\+?[0-9]+|mailto:[A-Za-z0-9._~%-]+@[A-Za-z0-9._~%-]+)?")

ATTACKS = (
    "\x1b]2;PWNED\x1b\\",
    "\x1b]0;x\x07",
    "\x1b]52;c;cHduZWQ=\x1b\\",
    "\x1b]8;;http://evil.example\x1b\\",
    "\x1b[2J",
    "\x9b2J",
    "\x9d0;x\x9c",
    "\x07",
    "\x1b\\",
    ";",
    "\n",
    "\r",
    "\0",
    "?bcc=evil@evil.example",
    "&subject=x",
    " \u202e",
    "%0aBcc:evil@evil.example",
    "[@click=app.quit]x[/]",
    "[link=file:///etc/passwd]x[/link]",
)


def sent(lines: list[DetailLine], width: int = 200, *, links: bool = True) -> str:
    """The bytes that a terminal is given for these lines."""
    dark = looks()
    console = Console(force_terminal=True, color_system="truecolor", width=width)
    folded = Folded(Looks(dark.theme, links=links), tuple(lines), width)
    return "\n".join(TextualStrip(strip).render(console) for strip in folded.page(0, len(folded)))


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("+44 20 7946 0958", "tel:+442079460958"),
        ("030 / 123-456", "tel:030123456"),
        ("0049 (0)30 123456", "tel:+4930123456"),
        ("+49 30 123456 ext. 12", "tel:+4930123456"),
        ("ask Ann", ""),
        ("", ""),
        ("٠١٢٣٤٥٦٧", ""),  # digits, but none that a tel: link knows
        ("1" * 40, ""),
    ],
)
def test_where_a_number_leads(phone: str, link: str) -> None:
    assert dialled(phone) == link


@pytest.mark.parametrize(
    ("email", "link"),
    [
        ("ann@acme.example", "mailto:ann@acme.example"),
        ("ann+news@acme.example", "mailto:ann%2Bnews@acme.example"),
        ("Ann@ACME.example", "mailto:ann@acme.example"),
        ("jörg@müller.example", "mailto:j%C3%B6rg@m%C3%BCller.example"),
        ("ann@acme.example?bcc=b@b.example", "mailto:ann%40acme.example%3Fbcc%3Db@b.example"),
        ("ann@acme.example,b", "mailto:ann@acme.example%2Cb"),
        ("no address", ""),
        ("@", ""),
        ("a" * 600 + "@b.example", ""),
    ],
)
def test_where_an_address_leads(email: str, link: str) -> None:
    assert written_to(email) == link


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", ["{0}ann@acme.example", "ann{0}@acme.example", "ann@acme.example{0}"])
def test_no_attack_leaves_a_link(attack: str, place: str) -> None:
    evil = Contact(place.format(attack), emails=(place.format(attack),), phones=(f"+4930{attack}123456",))
    links = links_of([evil])
    assert all(SAFE.fullmatch(link) for _, link in links)
    text = sent([DetailLine(" ".join((evil.name, *evil.phones, *evil.emails)), links=links)])
    rest = LINK.sub(r"\2", text)
    assert "\x1b]" not in rest
    assert not re.search(r"[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9f]", rest)
    assert all(SAFE.fullmatch(found[1]) for found in LINK.finditer(text))


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_record_holds(phone: str, email: str) -> None:
    for _, link in links_of([Contact("x", phones=(phone,), emails=(email, f"{email}@{phone}"))]):
        assert SAFE.fullmatch(link)
        assert link == link.strip()
        assert unquote(link).count(":") >= 1


def test_only_the_number_and_the_address_are_links() -> None:
    ann = Contact("Ann Lee", "CTO", emails=("ann@acme.example",), phones=("+44 20 7946 0958",))
    text = sent([DetailLine("Ann Lee, CTO · +44 20 7946 0958 · ann@acme.example", links=links_of([ann]))])
    assert [(found[1], re.sub(r"\x1b\[[0-9;]*m", "", found[2])) for found in LINK.finditer(text)] == [
        ("tel:+442079460958", "+44 20 7946 0958"),
        ("mailto:ann@acme.example", "ann@acme.example"),
    ]


def test_no_link_where_the_terminal_takes_none() -> None:
    ann = Contact("Ann Lee", emails=("ann@acme.example",))
    assert "\x1b]8" not in sent([DetailLine("ann@acme.example", links=links_of([ann]))], links=False)


def test_who_wants_no_contact_is_no_link() -> None:
    assert links_of([Contact("Zoe", emails=("z@z.example",), phones=("+49 30 123",), blocked=True)]) == ()


def test_what_is_cut_or_part_of_something_else_is_no_link() -> None:
    links = (("12345", "tel:12345"), ("a@b.example", "mailto:a@b.example"))
    plain = Style()
    for text in ("123456", "x12345", "a@b.exa", "aa@b.example"):
        assert [style for _, style in linked(text, plain, links)] == [plain]
    both = (("123 456", "tel:123456"), ("123 456 789", "tel:123456789"))
    pieces = list(linked("123 456 789", plain, both))
    assert [(text, style.link) for text, style in pieces] == [("123 456 789", "tel:123456789")]
