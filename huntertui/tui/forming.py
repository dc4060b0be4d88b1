"""The form of a record: how it is opened, saved as one change, and what happens when somebody was quicker."""

from __future__ import annotations

from dataclasses import replace

from huntertui.desk.forms import field_of
from huntertui.errors import Conflict
from huntertui.tui.clash import Clash, in_words
from huntertui.tui.drafting import Drafting
from huntertui.tui.form import Form


class Forming(Drafting):
    """The part of the workday that edits a record in a form."""

    def edit(self) -> None:
        """Open the form of the record under the cursor."""
        id, row = self.current, self.row
        doc = self.desk.document(id)
        form = Form(f"{row.title if row else ''} #{id}", id, doc, self.desk.policy, lambda: self._save(form))
        if (draft := self.drafts.take(f"edit {id}")) is not None:
            form.take_up(draft)
        self.panel = form
        self.say("your draft goes on" if form.dirty else "", "dim")

    def refresh_form(self, form: Form) -> None:
        """Take in what others have changed of its record."""
        form.rebase(self.desk.document(form.id))

    def _save(self, form: Form, insisted: frozenset[str] = frozenset()) -> None:
        """Save all at once; for each field in which somebody was quicker, ask what shall stand."""
        if not form.dirty:
            form.done = True
            self.say("nothing changed")
            return
        sheet = replace(form.sheet, people=tuple(p for p in form.sheet.people if not p.gone))
        try:
            change = self.desk.save_sheet(form.id, form.doc, sheet, insisted)
        except Conflict as conflict:
            self._ask_about(form, conflict, insisted)
            return
        form.done = True
        self._done(change)

    def _ask_about(self, form: Form, conflict: Conflict, insisted: frozenset[str]) -> None:
        field = field_of(conflict.field)
        words = in_words(conflict, self.desk)
        self.lanes.read()

        def keep() -> None:
            form.yield_to(field, self.desk.document(form.id))
            if form.dirty:
                self._save(form, insisted)
            else:
                form.done = True
                self.say(f"{form.title}: kept, {words[0]}")

        self.panel = Clash(
            form.title,
            conflict,
            words,
            keep=keep,
            overwrite=lambda: self._save(form, insisted | {field}),
            under=form,
        )
