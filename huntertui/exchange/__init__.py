"""Data in from other programs: `read` a file, look at what it says, `import_into` the store."""

from __future__ import annotations

from huntertui.exchange.drafts import Draft
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.importing import Imported, Reading, import_into, read
from huntertui.exchange.rows import RowError

__all__ = ["Draft", "ImportFault", "Imported", "Reading", "RowError", "import_into", "read"]
