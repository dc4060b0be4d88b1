"""Tags: words that a team files its items by."""

from __future__ import annotations

from dataclasses import replace

from huntertui.desk.ledger import Change, Ledger, named
from huntertui.errors import Usage
from huntertui.model.opportunity import Opportunity
from huntertui.model.text import clean


class Tagging(Ledger):
    """Tags: words that a team files its items by."""

    def tag(self, id: int, text: str) -> Change:
        """Put tags on it, and with a leading - take them off: "hot -cold". What colleagues put on stays."""
        words = clean(text).replace(",", " ").split()
        on = [word.removeprefix("+") for word in words if not word.startswith("-")]
        off = {word[1:].casefold() for word in words if word.startswith("-")}
        if not any(on) and not any(off):
            raise Usage("which tags? hot puts one on, -hot takes it off")

        def act(o: Opportunity) -> Opportunity:
            has = {tag.casefold() for tag in o.tags} | off
            new = tuple(tag for tag in dict.fromkeys(on) if tag and tag.casefold() not in has)
            return replace(o, tags=(*(tag for tag in o.tags if tag.casefold() not in off), *new))

        return self._act(
            id, act, lambda _, o: f"{named(o)}: {'tags ' + ', '.join(o.tags) if o.tags else 'no tags'}"
        )
