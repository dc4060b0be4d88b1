"""The panel of saved views: Enter opens one, one key each renames, shares and deletes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from huntertui.desk.views import LONGEST, Saved
from huntertui.model.text import shown
from huntertui.tui.fit import cut
from huntertui.tui.lines import DetailLine
from huntertui.tui.panels import Panel

NONE_YET = ("No views yet.", "", "/ finds, then :view save NAME keeps it")
STEPS = {"j": 1, "down": 1, "k": -1, "up": -1}


class Views(Panel):
    """The views with a cursor. `acts`: what a key does to the one under it; `read` gives them as they are."""

    def __init__(self, me: str, read: Callable[[], list[Saved]], acts: Mapping[str, Callable[[Saved], None]]):
        super().__init__("Views: ⏎ opens, r renames, s shares, d deletes, Esc closes", ())
        self._me = me
        self._read = read
        self._acts = acts
        self._at = 0
        self.refresh()

    def refresh(self) -> None:
        """Read the views anew."""
        views = self._read()
        self._at = max(0, min(self._at, len(views) - 1))
        lines = [
            DetailLine(self._line(view), "cursor" if at == self._at else "") for at, view in enumerate(views)
        ]
        self._lines = tuple(lines) or tuple(map(DetailLine, NONE_YET))

    def _line(self, view: Saved) -> str:
        mine = view.member == self._me
        pick = str(view.pick) if mine and view.pick else " "
        whose = ("shared" if view.shared else "") if mine else f"{view.member}'s"
        return f"{pick}  {cut(shown(view.name), LONGEST):<{LONGEST}}  {whose:<8}  {shown(view.query)}"

    def key(self, key: str) -> None:
        """Move the cursor, act on the view under it, or leave."""
        views = self._read()
        if key in ("escape", "q", "ctrl+c"):
            self.done = True
        elif key in self._acts and views:
            act = self._acts[key]
            self.done = key == "enter"
            act(views[self._at])
            self.refresh()
        else:
            self._at = max(0, min(self._at + STEPS.get(key, 0), len(views) - 1))
            self.top = max(self._at - self.page + 1, min(self.top, self._at), 0)
            self.refresh()
