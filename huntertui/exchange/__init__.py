"""Data in from other programs: `read` a file, look at what it says, `import_into` the store."""

from __future__ import annotations

from huntertui.exchange.dates import Order
from huntertui.exchange.drafts import Draft
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.importing import Imported, Reading, import_into, read
from huntertui.exchange.rows import RowError
from huntertui.exchange.tables import OpenDates

__all__ = [
    "Draft",
    "ImportFault",
    "Imported",
    "OpenDates",
    "Order",
    "Reading",
    "RowError",
    "import_into",
    "read",
]
