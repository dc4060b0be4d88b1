"""Drafts in the workday: what is typed is kept, offered at the next start, and gone on with."""

from __future__ import annotations

from huntertui.commands import BY_NAME, keys_of
from huntertui.commands.keymap import Keys
from huntertui.tui.doing import Doing
from huntertui.tui.drafts import Draft
from huntertui.tui.form import Form


class Drafting(Doing):
    """The part of the workday that keeps what is being typed."""

    def keep_drafts(self, *, now: bool = False) -> None:
        """Keep what is being typed, and forget what has been saved or given up."""
        self.guarded(lambda: self.drafts.hold(self._typed(), now=now))

    def _typed(self) -> dict[str, Draft]:
        typed: dict[str, Draft] = {}
        under = getattr(self.panel, "under", None)  # a form with a question over it
        for panel in (self.panel, under):
            if isinstance(panel, Form) and (draft := panel.draft()) is not None:
                typed[f"edit {panel.id}"] = {**draft, "title": panel.title}
        prompt = self.prompt
        if prompt is not None and prompt.kept_as and prompt.text.strip():
            typed[prompt.kept_as] = {"text": prompt.text, "title": prompt.label.partition(" · ")[0]}
        return typed

    def offer_drafts(self, bindings: Keys) -> None:
        """Say at the start what was left, and go to its record."""
        offers = [offer for key in self.drafts if (offer := self._offer(key, bindings))]
        if offers:
            more = f" (and {len(offers) - 1} more)" if len(offers) > 1 else ""
            self.say(" · ".join(filter(None, (self.said, offers[-1] + more))), self.look)

    def _offer(self, key: str, bindings: Keys) -> str:
        name, _, number = key.partition(" ")
        draft = self.drafts.get(key)
        if name not in BY_NAME:
            return ""
        bound = keys_of(name, bindings) or [f":{name}"]
        if not number:
            return f"a draft to {name}: {bound[0]}, then ↑"
        id = int(number) if number.isdecimal() else 0
        if self.desk.opportunity(id) is None:
            return ""
        self.lanes.reveal(id)
        title = str(draft.get("title", "")).removesuffix(f" #{id}")
        then = "continues" if name == "edit" else "then ↑ continues"
        return f"a draft for {title} #{id}: {bound[0]}{' ' if name == 'edit' else ', '}{then}"
