"""Why a command cannot act now, said before anybody tries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from huntertui.actions import ACTIONS
from huntertui.commands import Command
from huntertui.model.ranking import Mark

if TYPE_CHECKING:
    from huntertui.model.ranking import Row
    from huntertui.tui.choosing import Choosing

ON_A_ROW = frozenset(
    {*(set(ACTIONS) - {"answer"}), "open", "history", "explain", "edit", "repeat", "log-both", "select",
     "select-range", "copy-phone", "copy-email", "copy-name", "copy-number", "copy-summary"}
)  # fmt: skip
"""What needs a row."""

ON_CLOSED = frozenset(
    name
    for name in ACTIONS
    if name.startswith(("log-", "priority-"))
    or name in ("note", "value", "tag", "reopen", "lose-for-now", "raise", "lower", "assign")
    or name in ("message", "coach")
)  # fmt: skip
"""What is also done to what is won or lost."""

DECIDED = frozenset(name for name in ACTIONS if name.startswith("priority-")) | {"raise", "lower", "assign"}
"""What is for the owner and the leads to decide."""

Why = Callable[["Choosing"], str]


def why_not(choosing: Choosing, command: Command) -> str:
    """Why it cannot act on what stands on the screen now, "" when it may."""
    if command.changes and choosing.desk.read_only:
        return f"read-only: {choosing.desk.read_only}"
    if choosing.working and not choosing.goes_on(command):
        return "you are working through a queue"
    row = choosing.row
    if command.name in ON_A_ROW:
        if row is None:
            return "there is no row here"
        on_row = _closed(command, row) or (_others(choosing, row) if command.name in DECIDED else "")
        if on_row and not choosing.lanes.selection:
            return on_row
    reason = _REASONS.get(command.name)
    return reason(choosing) if reason is not None else ""


def _closed(command: Command, row: Row) -> str:
    if Mark.CLOSED not in row.marks:
        return "it is open" if command.name == "reopen" else ""
    if command.name in ACTIONS and command.name not in ON_CLOSED:
        return f"it is {row.stage}"
    return ""


def _others(choosing: Choosing, row: Row) -> str:
    whose = choosing.desk.why_not_mine(row.owner)
    return f"{whose}: {row.owner} or a lead does that" if whose else ""


def _leading(choosing: Choosing) -> str:
    return "" if choosing.desk.deciding else "it is a lead's"


def _undo(choosing: Choosing) -> str:
    done, _ = choosing.desk.turnable()
    return "" if done else "nothing of yours to undo"


def _redo(choosing: Choosing) -> str:
    _, undone = choosing.desk.turnable()
    return "" if undone else "nothing to redo"


_REASONS: Mapping[str, Why] = {
    "undo": _undo,
    "redo": _redo,
    "repeat": lambda choosing: "" if choosing.repeatable else "nothing to repeat yet",
    "find-next": lambda choosing: "" if choosing.lanes.searched else "nothing searched for yet",
    "find-previous": lambda choosing: "" if choosing.lanes.searched else "nothing searched for yet",
    "next-neglected": lambda choosing: (
        "" if any(count.late for count in choosing.lanes.counts) else "nothing is neglected"
    ),
    "answer": lambda choosing: "" if choosing.desk.inbox.all() else "nobody has told you anything",
    "coach": _leading,
    "coach-rep": _leading,
    "work-through": lambda choosing: "" if any(choosing.lanes.rows) else "there is nothing here",
    "import": lambda choosing: f"read-only: {why}" if (why := choosing.desk.read_only) else "",
    "tutorial": lambda choosing: "" if choosing.demo else "huntertui demo has it: nothing is saved there",
}
