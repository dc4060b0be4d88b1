"""Items as JSON, with all that the store has of them: one object, or a line each. docs/export.md tells more.

All that is not plain ASCII is escaped, so it reads the same in every locale and steers no terminal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from huntertui.exchange.items import ORIGIN
from huntertui.exchange.pipelines import stage_docs
from huntertui.model.codec import instant_text

if TYPE_CHECKING:
    from huntertui.exchange.items import About, Item

SCHEMA = 1
"""Of the form: a field may be added, none changes its meaning."""


def write_json(items: Iterable[Item], about: About, put: Callable[[str], object]) -> None:
    """One object, each item in a line of its own."""
    put(f'{_text(head(about))[:-1]}, "items": [')
    between = "\n"
    for item in items:
        put(f"{between}{_text(document(item))}")
        between = ",\n"
    put("\n]}\n")


def write_lines(items: Iterable[Item], about: About, put: Callable[[str], object]) -> None:
    """A line that says what it is, then one for each item."""
    put(f"{_text(head(about))}\n")
    for item in items:
        put(f"{_text(document(item))}\n")


def head(about: About) -> dict[str, Any]:
    """What is said of the whole."""
    said = {"schema": SCHEMA, "export": ORIGIN, "at": instant_text(about.at), "by": about.by}
    listed = {"do_not_contact": list(about.off_limits), "stages": stage_docs(about.policy.pipeline)}
    return said | {"seq": about.seq} | listed


def document(item: Item) -> dict[str, Any]:
    """One item."""
    events = [{key: value for key, value in event.items() if key != "opportunity"} for event in item.events]
    said = {"id": item.opportunity.id, "uid": item.uid, "opportunity": item.doc, "events": events}
    return said | ({"care_of": item.care_of} if item.care_of else {})


def _text(data: object) -> str:
    return json.dumps(data, allow_nan=False)
