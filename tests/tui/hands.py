"""Hands on the keys of a workday, on a real desk over a store in memory; no terminal and no widgets."""

from __future__ import annotations

from huntertui.desk import Desk
from huntertui.tui.steering import Steering

NAMED = {"⏎": "enter", "␛": "escape", " ": "space", "⌫": "backspace"}


class Hands:
    """A steering with hands on its keys; `left`: how often it was left."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.left = 0
        self.copied: list[str] = []
        self.steering = Steering(desk, {}, self._leave, self.copied.append, lambda: None)
        self.steering.lanes.resize(10)

    def _leave(self) -> None:
        self.left += 1

    def type(self, keys: str) -> Hands:
        """Type characters; ⏎ ␛ ⌫ are Enter, Esc and Backspace, ^x is ctrl+x."""
        at = 0
        while at < len(keys):
            if keys[at] == "^":
                self.steering.take(f"ctrl+{keys[at + 1]}")
                at += 1
            else:
                self.steering.take(NAMED.get(keys[at], keys[at]))
            at += 1
        return self

    @property
    def id(self) -> int | None:
        row = self.steering.lanes.row
        return row.id if row else None

    @property
    def said(self) -> str:
        return self.steering.said

    def shown(self, lane: int) -> list[int]:
        return [row.id for row in self.steering.lanes.rows[lane]]


def touches(desk: Desk, id: int) -> int:
    o = desk.opportunity(id)
    assert o is not None
    return o.touches


def stage(desk: Desk, id: int) -> str:
    o = desk.opportunity(id)
    assert o is not None
    return o.stage
