"""What is wrong with a file as a whole."""

from __future__ import annotations

from huntertui.errors import HunterError


class ImportFault(HunterError):
    """A file that cannot be imported at all; nothing was written."""
