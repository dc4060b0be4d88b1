"""The keys worth a line where one stands: at most seven, as they are bound."""

from __future__ import annotations

from collections.abc import Mapping

from huntertui.commands import MENUS, keys_of
from huntertui.commands.keymap import Keys

LOG, SNOOZE, CLOSE = ("log-no-answer", "log"), ("snooze", "snooze"), ("close-won", "close")
UNDO, FIND, HELP, END = ("undo", "undo"), ("find", "find"), ("help", "help"), ("leave", "end")

PLACES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "prospects": (LOG, SNOOZE, UNDO, FIND, CLOSE, ("to-follow-ups", "follow-up"), HELP),
    "follow-ups": (LOG, SNOOZE, UNDO, FIND, CLOSE, ("forward", "next stage"), HELP),
    "closing": (LOG, ("expect-close", "closes"), UNDO, FIND, CLOSE, ("forward", "next stage"), HELP),
    "open": (LOG, ("claim", "claim"), SNOOZE, UNDO, FIND, CLOSE, HELP),
    "closed": (("reopen", "reopen"), ("lose-for-now", "back on"), ("note", "note"), UNDO, FIND, HELP),
    "empty": (("add", "add"), FIND, ("palette", "all commands"), UNDO, HELP),
    "reading": (("back", "back"), LOG, SNOOZE, ("edit", "edit"), ("copy-phone", "copy"), CLOSE, HELP),
    "selected": (("back", "drop"), LOG, SNOOZE, ("park", "park"), CLOSE, ("assign", "owner"), HELP),
    "working": (LOG, SNOOZE, CLOSE, ("find-next", "skip"), ("find-previous", "back"), END, HELP),
}
"""The commands that matter at a place, and what they are called there; the last has room the longest."""


def footer(keys: Keys, place: str, width: int) -> str:
    """The line for a place, in so many columns: the help stays the longest."""
    shown = []
    for name, label in PLACES[place]:
        if bound := keys_of(name, keys):
            first = bound[0].split()
            begun = tuple(first[:-1]) in MENUS
            key = "Esc" if first == ["escape"] else first[0] if begun else " ".join(first)
            shown.append(f"{key} {label}" + ("…" if begun else ""))
    while len(shown) > 1 and len("  ".join(shown)) > width:
        del shown[-2]
    return "  ".join(shown)
