"""Text from outside: how it is taken in, how it is shown, and how e-mails and phones are compared.

What is typed, pasted or imported is kept as `clean` leaves it, and what is read from the store is read so
too, as other programs write into its file. Whatever got in some other way does not get past `shown`, through
which all goes that is painted or printed. No text is ever read as markup. Zero width joiners stay, as emoji
and some scripts need them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

REPLACEMENT = "\ufffd"

# Controls of C0 and C1, line and paragraph separators, and lone surrogates: seen as a replacement character.
_CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
# Direction marks and what takes no room: soft hyphen, zero width space, byte order mark, their like.
_FORMATS = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"

_CONTROL = re.compile(f"[{_CONTROLS}]")
_CONTROL_IN_LINES = re.compile(f"(?!\n)[{_CONTROLS}]")
_FORMAT = re.compile(f"[{_FORMATS}]")
_UNSHOWABLE = re.compile(f"[{_CONTROLS}{_FORMATS}]")

# Flags' letters; after an emoji its skin, its joiner and its colour: two cells more or less, by terminal.
_EMOJI = "[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]"
_UNEVEN = re.compile(f"[\U0001f1e6-\U0001f1ff]|\ufe0f|(?<={_EMOJI})[\u200d\U0001f3fb-\U0001f3ff]")
_BREAK = re.compile(r" *\n[ \n]*")


def clean(text: str, *, lines: bool = False) -> str:
    """The text as it is kept: one line, or with `lines` as many as it has; trimmed, in Unicode's form NFC.

    Breaks (in one line) and tabs become a space, other controls and lone surrogates U+FFFD, so that one sees
    that something was there. Direction marks and other characters that take no room go without a trace.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    text = _FORMAT.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if lines:
        text = _CONTROL_IN_LINES.sub(REPLACEMENT, text)
    else:
        text = _CONTROL.sub(REPLACEMENT, _BREAK.sub(" ", text))
    return unicodedata.normalize("NFC", text).strip()


def shown(text: str) -> str:
    """The text as one line that a terminal can be given: whatever could steer it is U+FFFD.

    Emoji that terminals do not agree on are taken apart, so that columns stay in line in all of them: a flag
    is its two letters, a family its members.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _UNEVEN.sub(_evened, text)
    return text if text.isprintable() else _UNSHOWABLE.sub(REPLACEMENT, text)


def _evened(found: re.Match[str]) -> str:
    letter = ord(found[0]) - ord("\U0001f1e6")
    return chr(ord("A") + letter) if 0 <= letter < 26 else ""


class Unclear(ValueError):
    """What a person has typed makes no sense, or not here. The message says so, and what to write instead."""


_IN_ASCII = str.maketrans(
    {
        "…": ".", "·": "-", "→": "->", "↑": "up", "↓": "down", "⏎": "Enter", "—": "-", "–": "-", "»": ">",
        "•": ".", "×": "x", "✓": "+", "✗": "x", "€": "EUR", "£": "GBP", "─": "-", "│": "|", "’": "'",
        "━": "=", **dict(zip("▁▂▃▄▅▆▇█", "12345678", strict=True)), **dict.fromkeys("┌┐└┘├┤┬┴┼", "+"),
    }
)  # fmt: skip


def in_ascii(text: str) -> str:
    """The text with the signs that the program itself uses in ASCII; letters of whatever script stay."""
    return text if text.isascii() else text.translate(_IN_ASCII)


def normalise_email(text: str) -> str:
    """The address for comparing, in small letters; "" when it is none."""
    text = clean(text).casefold().removeprefix("mailto:").strip(" <>")
    name, at, host = text.rpartition("@")
    return text if name and at and host and " " not in text else ""


_EXTENSION = re.compile(r"(?:ext|x|#|durchwahl)\D*(\d+)\D*$")
_TRUNK = re.compile(r"(?<=\d)\s*\(0\)")


def normalise_phone(text: str) -> str:
    """The number for comparing: its digits, with + before a country code and x before an extension.

    `00` is read as `+`, and a `(0)` behind a country code is left out. "" when there is hardly a number.
    """
    text = unicodedata.normalize("NFKC", clean(text)).casefold().removeprefix("tel:").strip()
    extension = _EXTENSION.search(text)
    if extension:
        text = text[: extension.start()]
    abroad = text.lstrip("( ").startswith(("+", "00"))
    digits = "".join(filter(str.isdecimal, _TRUNK.sub("", text) if abroad else text))
    if abroad:
        digits = "+" + (digits if "+" in text else digits.removeprefix("00"))
    tail = f"x{extension[1]}" if extension else ""
    return digits + tail if len(digits) > 4 else ""


def did_you_mean(word: str, names: Iterable[str], otherwise: str = "", *, least: float = 0.6) -> str:
    """What to say after an unknown word: the nearest of the names, or `otherwise` when none is near.

    `least`: how much of both must be the same, 0 to 1.
    """
    from difflib import get_close_matches  # late: only mistakes pay for it

    near = get_close_matches(word, sorted(names), n=1, cutoff=least)
    return f"did you mean {near[0]}?" if near else otherwise
