"""What the help and the manual page say of the program as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from huntertui.cli.doing import listed
from huntertui.cli.options import COMMON
from huntertui.cli.verbs import VERBS

EXAMPLES = """\
  huntertui                            open your workday
  huntertui demo                       look around in a made-up one; nothing is saved
  huntertui import leads.csv           take in a file; --dry-run only says what would come
  huntertui list --neglected           what is red
  huntertui explain 12                 why #12 is red, or when it will be
  huntertui log acme no-answer         what `c n` does; undo takes it back
  huntertui find owner:me late>3d --plain | huntertui raise -
  huntertui list --json | jq .rows     for scripts
"""

WHO_MEANS = (
    ("12, #12", "an item by its number"),
    ("12,14,15", "several: one change, one undo"),
    ("ann@acme.example, +44 20 7946 0958", "the open item with a person of that address"),
    ("acme", "the open item called so, or the only one whose names hold the words"),
    ("-", "numbers on stdin, the first word of each line"),
    ("--each QUERY", "all open items that match"),
)
"""How the items are named that a verb is about, and what that means."""

EXIT_CODES = (
    ("0", "done; also when a list is empty"),
    ("1", "failed"),
    ("2", "usage: a wrong verb, name or value, or no terminal where one is needed"),
    ("3", "no such record, or several"),
    ("4", "somebody else changed or took it first"),
    ("5", "the store is busy: try again"),
    ("6", "the store is damaged, or newer than this program"),
    ("7", "not permitted"),
    ("10", "by brief alone: something is neglected"),
    ("129, 130, 141, 143", "ended by a hang-up, by ctrl+C, as nobody reads the output, by a termination"),
)


def summary() -> str:
    """What -h prints."""
    parts = {
        "Verbs (each has its own -h)": [(verb.name, verb.help) for verb in VERBS.values()],
        "Verbs that change records, as the keys do (huntertui keys lists more names)": listed(),
        "Options": [*options(), ("--version", ""), ("-h, --help", "")],
    }
    told = "\n\n".join(f"{title}:\n{_lines(rows)}" for title, rows in parts.items())
    return f"{EXAMPLES}\nhuntertui [OPTION ...] [VERB ...]\n\n{told}"


def options() -> list[tuple[str, str]]:
    """The options of every verb, as they are written, with their help."""
    return [(", ".join(flags) + f" {metavar}".rstrip(), says) for flags, metavar, says in COMMON]


def _lines(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"  {term:<18} {says}".rstrip() for term, says in rows)
