"""huntertui for scripts: `from huntertui import open_desk`; docs/api.md has examples.

What is named here is loaded when it is asked for, so that the program itself loads what it needs and no more.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huntertui.desk import Change, Desk
    from huntertui.errors import (
        Busy,
        Conflict,
        Damaged,
        Full,
        HunterError,
        NotAllowed,
        NotFound,
        Overtaken,
        Resync,
        Uncertain,
        Upgraded,
        Usage,
    )
    from huntertui.exchange import Imported, ImportFault, OpenDates, Order
    from huntertui.model.opportunity import Channel, Contact, Kind, NextStep, Opportunity, Priority
    from huntertui.model.ranking import Row
    from huntertui.model.text import Unclear
    from huntertui.model.touch import Answer, Outcome
    from huntertui.scripting import import_files, open_desk, watch
    from huntertui.store import Op, Record, Store, Tx, open_store

__version__ = "0.1.0"

_HOMES = {
    "desk": ("Change", "Desk"),
    "errors": (
        "Busy", "Conflict", "Damaged", "Full", "HunterError", "NotAllowed", "NotFound", "Overtaken", "Resync",
        "Uncertain", "Upgraded", "Usage",
    ),
    "exchange": ("ImportFault", "Imported", "OpenDates", "Order"),
    "model.opportunity": ("Channel", "Contact", "Kind", "NextStep", "Opportunity", "Priority"),
    "model.ranking": ("Row",),
    "model.text": ("Unclear",),
    "model.touch": ("Answer", "Outcome"),
    "scripting": ("import_files", "open_desk", "watch"),
    "store": ("Op", "Record", "Store", "Tx", "open_store"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Busy",
    "Change",
    "Channel",
    "Conflict",
    "Contact",
    "Damaged",
    "Desk",
    "Full",
    "HunterError",
    "ImportFault",
    "Imported",
    "Kind",
    "NextStep",
    "NotAllowed",
    "NotFound",
    "Op",
    "OpenDates",
    "Opportunity",
    "Order",
    "Outcome",
    "Overtaken",
    "Priority",
    "Record",
    "Resync",
    "Row",
    "Store",
    "Tx",
    "Uncertain",
    "Unclear",
    "Upgraded",
    "Usage",
    "import_files",
    "open_desk",
    "open_store",
    "watch",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"huntertui.{home}"), name)
