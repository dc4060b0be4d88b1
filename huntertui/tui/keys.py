"""Keys as the table of commands names them, and the sequence that is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntertui.commands import Command, Trie, menu

if TYPE_CHECKING:
    from textual.events import Key


def key_names(event: Key) -> list[str]:
    """What a key types, else its name: "c", "+", "enter", "space", "ctrl+r".

    Esc followed fast by another key arrives as Alt with that key; Alt is bound to nothing, so it is both.
    """
    char = event.character
    if not char or not char.isprintable() or char == " ":
        return [event.key]
    return ["escape", char] if event.key.startswith("alt+") else [char]


class Sequences:
    """Turns keys into commands. A sequence that goes nowhere runs nothing and says so."""

    def __init__(self, trie: Trie) -> None:
        self._trie = trie
        self._node = trie
        self._typed: tuple[str, ...] = ()

    def choices(self) -> list[str]:
        """What may follow, a line for each, while a sequence is being typed."""
        return self.pending.partition(": ")[2].split(" · ") if self._typed else []

    @property
    def pending(self) -> str:
        """The choices while a sequence is being typed, else ""."""
        return menu(self._typed, self._node) if self._typed else ""

    def begin(self, *keys: str) -> None:
        """Stand as if these keys had been typed."""
        self.cancel()
        for key in keys:
            self.feed(key)

    def cancel(self) -> None:
        """Forget what is typed."""
        self._node, self._typed = self._trie, ()

    def feed(self, key: str) -> Command | str | None:
        """The command that the key completes; None while more is to come; else why it runs none."""
        then = self._node.get(key)
        typed = (*self._typed, key)
        if isinstance(then, dict):
            self._node, self._typed = then, typed
            return None
        pending = bool(self._typed)
        self.cancel()
        if then is not None:
            return then
        if key in ("escape", "ctrl+c") and pending:
            return "cancelled"
        return f"{' '.join(typed)} is no command: ? lists the keys"
