"""Data in from other programs: `read` files, `plan` what they bring, look at it, `write` it to the store."""

from __future__ import annotations

from huntertui.exchange.dates import Order
from huntertui.exchange.decoding import check_encoding
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.foreign import ForeignStage, Staging, foreign_stages, new_name, staged
from huntertui.exchange.importing import Imported, Plan, import_into, plan, write
from huntertui.exchange.intake import Duplicate
from huntertui.exchange.mapping import Mappings, kept_mappings
from huntertui.exchange.readings import Reading, read
from huntertui.exchange.rows import RowError
from huntertui.exchange.tables import OpenDates, UnknownHeader
from huntertui.exchange.taking_in import TakingIn

__all__ = [
    "Duplicate",
    "ForeignStage",
    "ImportFault",
    "Imported",
    "Mappings",
    "OpenDates",
    "Order",
    "Plan",
    "Reading",
    "RowError",
    "Staging",
    "TakingIn",
    "UnknownHeader",
    "check_encoding",
    "foreign_stages",
    "import_into",
    "kept_mappings",
    "new_name",
    "plan",
    "read",
    "staged",
    "write",
]
