"""Queries kept under a name, and the one that puts its matches first: a member's own, or shared with all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from huntertui.desk.finding import Finding
from huntertui.desk.ledger import Change
from huntertui.desk.tables import VIEWS
from huntertui.errors import NotFound, Usage
from huntertui.model.codec import text_in
from huntertui.model.text import clean, did_you_mean
from huntertui.model.when import parse as read_date
from huntertui.store.store import Doc, Tx

PICKS = range(1, 10)
LONGEST = 30  # characters of a name


@dataclass(frozen=True, slots=True)
class Saved:
    """A query with a name. `pick`: the digit that opens it, 0 for none; `member`: whose it is."""

    id: int
    name: str
    query: str
    member: str
    shared: bool = False
    pick: int = 0


@dataclass(frozen=True, slots=True)
class Focus:
    """The query that puts its matches first, to the end of a day or until it is taken back."""

    query: str
    until: date | None = None


class Views(Finding):
    """Saved views, and the focus."""

    def views(self) -> list[Saved]:
        """Mine, by their digits, then what others share."""
        found = [
            _saved(id, doc) for id, doc in self.store.find(VIEWS) if doc.get("name") and doc.get("query")
        ]
        seen = [view for view in found if view.member == self.me or view.shared]
        return sorted(seen, key=lambda v: (v.member != self.me, v.pick or len(PICKS) + 1, v.name.casefold()))

    def view(self, name: str) -> Saved:
        """The view of that name, or the only one that begins so; mine first. Usage when there is none."""
        views, wanted = self.views(), clean(name).casefold()
        exact = [view for view in views if view.name.casefold() == wanted]
        begun = [view for view in views if view.name.casefold().startswith(wanted)]
        if exact or len(begun) == 1:
            return (exact or begun)[0]
        if begun:
            raise Usage(f"which view? {', '.join(view.name for view in begun)}")
        names = [view.name for view in views]
        there = f"there are {', '.join(names)}" if names else "none is saved yet: :view save NAME"
        raise Usage(f"no view {name!r}: {did_you_mean(name, names, there)}")

    def picked(self, pick: int) -> Saved:
        """The view that a digit opens."""
        for view in self.views():
            if view.pick == pick and view.member == self.me:
                return view
        raise Usage(f"no view {pick} yet: find something, then :view save NAME")

    def save_view(self, name: str, query: str) -> Change:
        """Keep a query under a name; one of mine that is called so gets the new query."""
        name = _named(name)
        if not self.query(query):
            raise Usage("nothing is searched for: / finds, then :view save NAME")

        def run(tx: Tx) -> tuple[int, ...]:
            mine = self._mine_of(tx)
            same = next((id for id, doc in mine if _saved(id, doc).name.casefold() == name.casefold()), None)
            pick = next((n for n in PICKS if n not in {doc.get("pick") for _, doc in mine}), 0)
            if same is not None:
                tx.update(VIEWS, same, {"name": name, "query": query})
                tx.label = f"view {name}: {query}"
                return ()
            tx.insert(
                VIEWS, {"member": self.me, "name": name, "query": query} | ({"pick": pick} if pick else {})
            )
            tx.label = f"saved view {name}: {query}" + (f"; g {pick} opens it" if pick else "")
            return ()

        return self._commit(run)

    def rename_view(self, id: int, name: str) -> Change:
        """Call one of mine otherwise."""
        name = _named(name)

        def change(tx: Tx, view: Saved) -> str:
            if any(
                _saved(i, doc).name.casefold() == name.casefold() for i, doc in self._mine_of(tx) if i != id
            ):
                raise Usage(f"another view is called {name}")
            tx.update(VIEWS, id, {"name": name})
            return f"view {view.name} is now called {name}"

        return self._change(id, change)

    def share_view(self, id: int) -> Change:
        """Share one of mine with everybody, or no more."""

        def change(tx: Tx, view: Saved) -> str:
            tx.update(VIEWS, id, {"shared": not view.shared})
            return f"view {view.name} is " + ("mine alone" if view.shared else "shared with everybody")

        return self._change(id, change)

    def delete_view(self, id: int) -> Change:
        """Delete one of mine."""

        def change(tx: Tx, view: Saved) -> str:
            tx.delete(VIEWS, id)
            return f"deleted view {view.name}"

        return self._change(id, change)

    def _change(self, id: int, change: Callable[[Tx, Saved], str]) -> Change:
        def run(tx: Tx) -> tuple[int, ...]:
            doc = tx.get(VIEWS, id)
            if doc is None:
                raise NotFound("that view is gone")
            view = _saved(id, doc)
            if view.member != self.me:
                raise Usage(f"view {view.name} is {view.member}'s")
            tx.label = change(tx, view)
            return ()

        return self._commit(run)

    def _mine_of(self, tx: Tx) -> list[tuple[int, Doc]]:
        return [(id, doc) for id, doc in tx.find(VIEWS, [("member", "=", self.me)]) if doc.get("name")]

    # The focus

    def focus(self) -> Focus | None:
        """My focus, as long as its last day has not passed."""
        for _, doc in self.store.find(VIEWS, [("member", "=", self.me)]):
            if query := text_in(doc, "focus"):
                until = _day(doc.get("until"))
                return Focus(query, until) if until is None or self.today() <= until else None
        return None

    def read_focus(self, text: str) -> Focus:
        """What a text means: "country:de until fri". ValueError or Usage when it makes no sense."""
        query, said, day = f" {clean(text)}".rpartition(" until ")
        until = self._as_day(read_date(day, self.now(), self.policy.calendar).due) if said else None
        query = query if said else day
        if not self.query(query):
            raise Usage("focus on what? like country:de until fri")
        return Focus(query.strip(), until)

    def preview_focus(self, text: str) -> str:
        """What was understood of a focus."""
        focus = self.read_focus(text)
        holds = self.book.holds(focus.query, self.now().timestamp())
        return f"→ {sum(map(holds, self.book.rows()))} first{self._until(focus)}"

    def set_focus(self, text: str) -> Change:
        """Put what matches first, until a day or until I end it: without words it ends."""
        focus = self.read_focus(text) if text.strip() else None

        def run(tx: Tx) -> tuple[int, ...]:
            for id, doc in tx.find(VIEWS, [("member", "=", self.me)]):
                if doc.get("focus"):
                    tx.delete(VIEWS, id)
            tx.label = "the focus has ended"
            if focus is not None:
                until = {"until": focus.until.isoformat()} if focus.until else {}
                tx.insert(VIEWS, {"member": self.me, "focus": focus.query} | until)
                tx.label = f"{self.focus_words(focus)} first; :focus ends it"
            return ()

        return self._commit(run)

    def focus_words(self, focus: Focus) -> str:
        """The focus as the header says it."""
        return focus.query + self._until(focus)

    def _until(self, focus: Focus) -> str:
        if focus.until is None:
            return ""
        return f" until {self.policy.calendar.describe_day(focus.until, self.today())}"


def _named(name: str) -> str:
    name = clean(name)
    if not name or len(name) > LONGEST:
        raise Usage(f"a view needs a name of at most {LONGEST} characters")
    return name


def _saved(id: int, doc: Doc) -> Saved:
    pick = doc.get("pick")
    return Saved(
        id,
        text_in(doc, "name"),
        text_in(doc, "query"),
        text_in(doc, "member"),
        bool(doc.get("shared")),
        pick if isinstance(pick, int) and pick in PICKS else 0,
    )


def _day(value: object) -> date | None:
    """The day that stands there; one that cannot be read has passed."""
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return date.min
