"""What a rep can do: each use case is one transaction, and says in one line what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huntertui.desk.desk import Desk
    from huntertui.desk.ledger import Change
    from huntertui.desk.shelf import Followed

__all__ = ["Change", "Desk", "Followed"]

_HOMES = {"Change": "ledger", "Desk": "desk", "Followed": "shelf"}


def __getattr__(name: str) -> Any:
    """Load what is asked for, when it is: who only looks, at a `Shelf`, does without the use cases."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
