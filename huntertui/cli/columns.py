"""Asking what the columns of a file carry that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntertui.cli.output import say
from huntertui.cli.streams import ask
from huntertui.errors import Usage

if TYPE_CHECKING:
    from huntertui.exchange import Mappings, UnknownHeader


def ask_for_columns(unknown: UnknownHeader, mappings: Mappings) -> None:
    """Ask for each column, at a terminal, and put the answers into `mappings`. Usage: nothing was said."""
    from huntertui.exchange.mapping import FIELDS

    say(str(unknown))
    say("what do its columns carry? Enter: nothing that is known; ?: what there is")
    answered = False
    for header, samples in unknown.columns:
        below = ", ".join(filter(None, samples))
        question = f"{header}{f' ({below})' if below else ''}: "
        while answer := ask(question):
            if answer == "?":
                say(", ".join(FIELDS))
                continue
            try:
                mappings.say(header, answer)
            except Usage as error:
                say(str(error))
                continue
            answered = True
            break
    if not answered:
        raise Usage("nothing was imported: no column was named")
