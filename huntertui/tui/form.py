"""All fields of a record as a form: a plain value that takes every key at once, and saves as one change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from huntertui.desk.forms import PEOPLE, PERSON, PLAIN, Person, Sheet, changed, kept_in, sheet_of, wrong
from huntertui.model.codec import from_doc
from huntertui.model.pipeline import Policy
from huntertui.tui.editor import Editor
from huntertui.tui.lines import DetailLine, OverlayState
from huntertui.tui.panels import Panel

Doc = dict[str, Any]
Stop = tuple[str, int]  # a field and its person's number; -1 for a field of the record itself

LABELS = {"name": "deal", "emails": "e-mails", "phones": "phones"}
INDENT = 11  # columns of the mark and the label
ASK = "Save it? Enter saves · d drops it · Esc goes on"
OWN = -1

_HEAD, _ADD, _SAVE = "head", "add", "save"


class Form(Panel):
    """The fields of the record `id`, made of its document. `save` makes the change, and raises what is wrong.

    `width`: the columns that a line may have, set by who shows it.
    """

    hint = "Tab ↑ ↓ move  Enter goes on  ctrl+s saves  Esc asks"

    def __init__(
        self,
        title: str,
        id: int,
        doc: Doc,
        policy: Policy,
        save: Callable[[], None],
    ) -> None:
        super().__init__(title, ())
        self.id = id
        self.doc = doc
        self.width = 76
        self.said = ""
        self._policy = policy
        self._save = save
        self._asking = False
        self._errors: dict[Stop, str] = {}
        self._theirs: dict[str, str] = {}  # what a field that was edited has come to be meanwhile
        self._editors: dict[Stop, Editor] = {}
        self._people: list[int] = []  # their numbers, in order
        self._was: dict[int, int | None] = {}
        self._gone: set[int] = set()
        self._fill(self._original)
        self._at: Stop = (PLAIN[0], OWN)

    # What it says

    @property
    def _original(self) -> Sheet:
        return sheet_of(from_doc(self.id, self.doc))

    @property
    def sheet(self) -> Sheet:
        """The fields as they were typed."""
        plain = {field: self._editors[field, OWN].text for field in PLAIN}
        people = (self._person(who) for who in self._people)
        return Sheet(**plain, people=tuple(p for p in people if p.was is not None or p != Person()))

    def _person(self, who: int) -> Person:
        texts = {field: self._editors[field, who].text for field in PERSON}
        return Person(**texts, was=self._was[who], gone=who in self._gone)

    @property
    def dirty(self) -> bool:
        """Whether there is anything to lose."""
        return bool(changed(self._original, self.sheet))

    def draft(self) -> Doc | None:
        """All that is to be kept of it, None when there is nothing to lose."""
        return {"doc": self.doc, "sheet": asdict(self.sheet)} if self.dirty and not self.done else None

    def take_up(self, draft: Doc) -> None:
        """Go on with a draft of it, if it can be read; what others have changed since is seen as such."""
        try:
            then = dict(draft["doc"])
            before = sheet_of(from_doc(self.id, then))
            people = tuple(Person(**person) for person in draft["sheet"][PEOPLE])
            sheet = Sheet(**{**draft["sheet"], PEOPLE: people})
            texts = [*(getattr(sheet, field) for field in PLAIN)]
            texts += [getattr(person, field) for person in people for field in PERSON]
            if not all(isinstance(text, str) for text in texts):
                return
            if any(p.was is not None and not 0 <= p.was < len(before.people) for p in people):
                return
        except (KeyError, TypeError, ValueError):
            return
        now, self.doc = self.doc, then
        self._fill(sheet)
        self.rebase(now)

    def rebase(self, doc: Doc) -> None:
        """Take in what the record has come to be. What was edited here stays, and what it met is said."""
        before, typed, now = self._original, self.sheet, sheet_of(from_doc(self.id, doc))
        mine = [field for field in changed(before, typed) if getattr(typed, field) != getattr(now, field)]
        self._theirs = {}
        for field in changed(before, now):
            if field not in mine:
                self._set(field, now)
            else:
                self._theirs[field] = "other people by now" if field == PEOPLE else str(getattr(now, field))
        old = {name: self.doc.get(name) for field in mine for name in kept_in(field)}
        self.doc = {**doc, **old}
        self.doc = {name: value for name, value in self.doc.items() if value is not None}

    def yield_to(self, field: str, doc: Doc) -> None:
        """Let a field be what it has come to be."""
        self._set(field, sheet_of(from_doc(self.id, doc)))
        self.rebase(doc)

    def _fill(self, sheet: Sheet) -> None:
        for field in (*PLAIN, PEOPLE):
            self._set(field, sheet)

    def _set(self, field: str, sheet: Sheet) -> None:
        if field != PEOPLE:
            self._editors[field, OWN] = Editor(getattr(sheet, field), lines=field == "notes")
            return
        self._people, self._gone = [], set()
        for person in sheet.people:
            self._add_person(person)
        if getattr(self, "_at", (PLAIN[0], OWN)) not in self._stops():
            self._at = (_ADD, OWN)

    def _add_person(self, person: Person) -> int:
        who = max(self._was, default=-1) + 1
        self._was[who] = person.was
        self._people.append(who)
        if person.gone:
            self._gone.add(who)
        for field in PERSON:
            self._editors[field, who] = Editor(getattr(person, field))
        return who

    # Keys

    def key(self, key: str) -> None:
        """Take a key: the character it types, or its name."""
        self.said = ""
        if self._asking:
            self._answer(key)
        elif key in ("escape", "ctrl+c"):
            self._asking, self.done = self.dirty, not self.dirty
        elif key == "ctrl+s":
            self.save()
        elif key in ("tab", "shift+tab"):
            self._go(1 if key == "tab" else -1)
        elif (editor := self._editors.get(self._at)) is not None:
            self._edit(editor, key)
        else:
            self._act(key)

    def paste(self, text: str) -> None:
        """Take text at the cursor, its lines kept where there may be several."""
        editor = self._editors.get(self._at)
        if editor is not None and not self._asking:
            self.said = editor.insert(text)

    def save(self) -> None:
        """Save what was changed, or go to what cannot be taken."""
        self._asking = False
        for stop in self._stops():
            self._check(stop)
        self._at = next((stop for stop in self._stops() if self._errors.get(stop)), self._at)
        if any(self._errors.values()):
            self.said = "not saved: " + next(filter(None, self._errors.values()))
        else:
            self._save()

    def _answer(self, key: str) -> None:
        if key in ("enter", "s", "ctrl+s"):  # a y or an n may be the end of what a terminal answers by itself
            self.save()
        elif key == "d":
            self.done = True
        elif key in ("escape", "ctrl+c"):
            self._asking = False

    def _edit(self, editor: Editor, key: str) -> None:
        if key == "space" or len(key) == 1:
            self.said = editor.insert(" " if key == "space" else key)
        elif key == "enter" and editor.lines:
            self.said = editor.insert("\n")
        elif key == "enter":
            self._go(1)
        elif not editor.key(key) and key in ("up", "down"):
            self._go(-1 if key == "up" else 1)

    def _act(self, key: str) -> None:
        """What the rows do that are no text."""
        field, who = self._at
        if key in ("up", "k", "down", "j"):
            self._go(-1 if key in ("up", "k") else 1)
        elif field == _SAVE and key == "enter":
            self.save()
        elif field == _ADD and key == "enter":
            self._at = ("name", self._add_person(Person()))
        elif field == _HEAD and key in ("x", "delete", "backspace"):
            self._gone ^= {who}
        elif field == _HEAD and key in ("J", "K"):
            at = self._people.index(who)
            to = max(0, min(at + (1 if key == "J" else -1), len(self._people) - 1))
            self._people.insert(to, self._people.pop(at))
        elif key == "enter":
            self._go(1)

    def _go(self, by: int) -> None:
        self._check(self._at)
        stops = self._stops()
        self._at = stops[(stops.index(self._at) + by) % len(stops)]

    def _check(self, stop: Stop) -> None:
        if stop in self._editors:
            record = from_doc(self.id, self.doc)
            self._errors[stop] = wrong(record, stop[0], self._editors[stop].text, self._policy)

    def _stops(self) -> list[Stop]:
        """All rows that the cursor can be on, from top to bottom."""
        stops: list[Stop] = [(field, OWN) for field in PLAIN[:-1]]
        for who in self._people:
            stops.append((_HEAD, who))
            if who not in self._gone:
                stops += [(field, who) for field in PERSON]
        return [*stops, (_ADD, OWN), (PLAIN[-1], OWN), (_SAVE, OWN)]

    # What is shown

    def state(self) -> OverlayState:
        """The form as it stands, with its cursor."""
        lines: list[DetailLine] = []
        cursor = (0, 0)
        for stop in self._stops():
            row, column = len(lines), 0
            here = stop == self._at
            editor = self._editors.get(stop)
            if editor is None:
                look = "heading" if stop[0] == _HEAD else ""
                lines.append(DetailLine(f"{'>' if here else ' '} {self._words(stop)}", look))
            else:
                editor.width = max(self.width - INDENT, 10)
                shown, at, column = editor.view()
                label = "person" if stop[0] == "name" and stop[1] != OWN else LABELS.get(stop[0], stop[0])
                heads = [f"{'>' if here else ' '} {label:<9}", *[" " * INDENT] * (len(shown) - 1)]
                lines += [DetailLine(head + text) for head, text in zip(heads, shown, strict=True)]
                row, column = row + at, column + INDENT
            if here:
                cursor = row, column
            lines += self._remarks(stop)
        title = ASK if self._asking else self.said or f"{self.title}{' · changed' if self.dirty else ''}"
        return OverlayState(title, tuple(lines), 0, wide=True, cursor=cursor)

    def _words(self, stop: Stop) -> str:
        field, who = stop
        if field == _ADD:
            return "+ one more person (Enter)"
        if field == _SAVE:
            return "Save (Enter)"
        name = self._editors["name", who].text
        if who in self._gone:
            return f"{name or 'the person'} will be removed · x puts back"
        more = " · J K move" if len(self._people) > 1 else ""
        return f"person {self._people.index(who) + 1} of {len(self._people)} · x removes{more}"

    def _remarks(self, stop: Stop) -> Iterator[DetailLine]:
        field, who = stop
        if error := self._errors.get(stop):
            yield DetailLine(" " * INDENT + error, "neglected")
        theirs = self._theirs.get(PEOPLE if field == _ADD else field) if who == OWN else None
        if theirs is not None:
            yield DetailLine(f"{' ' * INDENT}by now: {' '.join(theirs.split()) or 'empty'}", "amber")
        if field == _HEAD and (was := self._was[who]) is not None:
            contact = from_doc(self.id, self.doc).contacts[was : was + 1]
            for one in contact:
                marks = ["do not contact"] * one.blocked + [f"{phone} (wrong)" for phone in one.struck]
                if marks:
                    yield DetailLine(" " * INDENT + " · ".join(marks), "dim")
