"""The verbs of the command line, in one table. What is also a command of the workday has its name.

Only what is asked for is loaded: a table of functions would load what all of them need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from huntertui.cli.session import Session


class Verb:
    """A verb: its name, a line of help, its own arguments, and what it does (returns the exit code).

    `mixed`: options may stand among its words, and words that only begin with a dash are none.
    """

    def __init__(
        self,
        name: str,
        says: str,
        arguments: Callable[[ArgumentParser], None],
        run: Callable[[Session], int],
        *,
        mixed: bool = False,
    ) -> None:
        """As above: plain Python, as each start makes all of them."""
        self.name = name
        self.help = says
        self.arguments = arguments
        self.run = run
        self.mixed = mixed


def _verb(
    name: str, home: str, run: str, says: str, arguments: str = "arguments", *, mixed: bool = False
) -> Verb:
    """A verb whose two functions are in the module `home` of this package."""
    return Verb(name, says, _late(home, arguments), _late(home, run), mixed=mixed)


def _late(home: str, name: str) -> Callable[[Any], Any]:
    def call(given: Any) -> Any:
        from importlib import import_module

        return getattr(import_module(f"huntertui.cli.{home}"), name)(given)

    return call


_VERBS = (
    _verb("demo", "opening", "demo", "a made-up day to look around in; nothing is saved"),
    _verb("import", "taking_in", "take_in", "take in a file of leads or deals"),
    _verb("export", "exporting", "export", "give items out: to a spreadsheet, a calendar, another huntertui"),
    _verb("list", "items", "list_items", "what is to do, in the order of the lanes", "list_arguments"),
    _verb("find", "showing", "find", "what matches, the best first: owner:me late>3d acme", "find_arguments",
          mixed=True),
    _verb("views", "viewing", "views", "saved views: show, save NAME QUERY, share NAME, delete NAME",
          mixed=True),
    _verb("show", "showing", "show", "all that is known of one item", "show_arguments", mixed=True),
    _verb("history", "showing", "history", "what happened to one item, or what was changed last",
          "history_arguments", mixed=True),
    _verb("watch", "watching", "watch", "what changes, a line for each change as it happens"),
    _verb("explain", "items", "explain", "why one is red, or when it will be", "explain_arguments",
          mixed=True),
    _verb("brief", "reporting", "brief", "one line for the login message", "brief_arguments"),
    _verb("stats", "reporting", "stats",
          "what is to come in, by month and owner, and what the past says of it", "report_arguments"),
    _verb("store", "storing", "care",
          "look after the store: status, verify, checkpoint, backup, restore, repair"),
    _verb("team", "teaming", "team",
          "who is in the team; report: its scorecard; init: a file of its rules, check: its faults"),
    _verb("doctor", "doctor", "doctor", "whether all is well, on one page for a report"),
    _verb("keys", "places", "keys", "the keys of the workday"),
    _verb("themes", "theming", "themes",
          "the themes, and what is wrong with any; check: whether they can be read"),
    _verb("config", "settling", "config", "your settings: show, get KEY, set KEY VALUE, unset KEY"),
    _verb("completion", "shells", "completion", "what lets your shell complete: bash, zsh, fish"),
    _verb("man", "manual", "manual", "the manual page: huntertui man | man -l -"),
    _verb("paths", "places", "paths", "where store, settings, themes and state are"),
)  # fmt: skip

VERBS: Mapping[str, Verb] = {verb.name: verb for verb in _VERBS}
