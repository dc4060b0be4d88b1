"""Queries kept under a name, and the one that puts its matches first: a member's own, or shared with all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from datetime import date

from huntertui.desk.finding import Finding
from huntertui.desk.ledger import Change
from huntertui.desk.rights import Rights
from huntertui.desk.tables import VIEWS
from huntertui.errors import NotAllowed, NotFound, Usage
from huntertui.model.codec import text_in
from huntertui.model.text import clean, did_you_mean
from huntertui.model.when import parse as read_date
from huntertui.records import dataclass
from huntertui.store.store import Doc, Tx

PICKS = range(1, 10)
LONGEST = 30  # characters of a name
FOR_ALL = " for all"


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
    """The query that puts its matches first, to the end of a day or until it is taken back.

    `by`: who set it; `everybody`: it is a lead's, for all who have none of their own.
    """

    query: str
    until: date | None = None
    by: str = ""
    everybody: bool = False


@dataclass(slots=True)
class _Focuses:
    """Who has set what first. `ids`: the documents of my own; `theirs`: by id, what leads have set for all
    and I have not dropped, the last one last; `dropped`: what I have, as document `kept` says."""

    ids: list[int] = field(default_factory=list)
    mine: Focus | None = None
    theirs: list[tuple[int, Focus]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    kept: int | None = None


class Views(Finding, Rights):
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
        there = (
            f"there are {', '.join(names)}"
            if names
            else "none is saved yet: views save NAME QUERY in the shell, :view save NAME"
        )
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
        """My focus, else the last that a lead has set for everybody and I have not dropped."""
        found = self._focuses(self.store.find(VIEWS))
        return found.mine or (found.theirs[-1][1] if found.theirs else None)

    def _focuses(self, views: Iterable[tuple[int, Doc]]) -> _Focuses:
        found = _Focuses()
        theirs, dropped = list[tuple[int, Focus]](), set[int]()
        for id, doc in views:
            focus, member = _focus(doc), text_in(doc, "member")
            if member == self.me:
                found.ids += [id] if focus else []
                found.mine = focus if focus and self._lasts(focus) else found.mine
                if "dropped" in doc:
                    found.kept, dropped = id, _ids(doc["dropped"])
            elif focus and focus.everybody and self._lasts(focus) and self.policy.team.decides(member):
                theirs.append((id, focus))
        found.theirs = [one for one in theirs if one[0] not in dropped]
        found.dropped = [id for id, _ in theirs if id in dropped]
        return found

    def _lasts(self, focus: Focus) -> bool:
        return focus.until is None or self.today() <= focus.until

    def read_focus(self, text: str) -> Focus:
        """What a text means: "country:de until fri", for the whole team "country:de until fri for all".

        Unclear or Usage when it makes no sense, NotAllowed when only a lead may.
        """
        words, everybody = _without(clean(text), FOR_ALL)
        query, said, day = f" {words}".rpartition(" until ")
        until = self._as_day(read_date(day, self.now(), self.policy.calendar).due) if said else None
        query, again = _without(query if said else day, FOR_ALL)
        if not self.query(query):
            raise Usage("focus on what? like country:de until fri")
        if (everybody or again) and not self.deciding:
            raise NotAllowed("a focus for all is for a lead to set; without these words it is yours alone")
        return Focus(query.strip(), until, self.me, everybody or again)

    def preview_focus(self, text: str) -> str:
        """What was understood of a focus."""
        focus = self.read_focus(text)
        holds = self.book.holds(focus.query, self.now().timestamp())
        everybody = ", for everybody" if focus.everybody else ""
        return f"→ {sum(map(holds, self.book.rows()))} first{self._until(focus)}{everybody}"

    def set_focus(self, text: str) -> Change:
        """Put what matches first, until a day or until it is ended: without words mine ends, and where I have
        none, a lead's does for me."""
        focus = self.read_focus(text) if text.strip() else None

        def run(tx: Tx) -> tuple[int, ...]:
            found = self._focuses(tx.find(VIEWS))
            for id in found.ids:
                tx.delete(VIEWS, id)
            tx.label = "the focus has ended"
            if focus is not None:
                until = {"until": focus.until.isoformat()} if focus.until else {}
                everybody = {"everybody": True} if focus.everybody else {}
                tx.insert(VIEWS, {"member": self.me, "focus": focus.query} | until | everybody)
                whose = " for everybody" if focus.everybody else ""
                tx.label = f"{self.focus_words(focus)} first{whose}; :focus ends it"
            elif found.theirs and not found.mine:
                self._drop(tx, found)
                tx.label = f"{found.theirs[-1][1].by}'s focus has ended for you"
            return ()

        return self._commit(run)

    def _drop(self, tx: Tx, found: _Focuses) -> None:
        """Remember that what leads have set for everybody is nothing for me."""
        doc = {"dropped": [*found.dropped, *(id for id, _ in found.theirs)]}
        if found.kept is None:
            tx.insert(VIEWS, {"member": self.me} | doc)
        else:
            tx.update(VIEWS, found.kept, doc)

    def focus_words(self, focus: Focus) -> str:
        """The focus as the header says it."""
        return focus.query + self._until(focus) + (f" ({focus.by})" if focus.by != self.me else "")

    def _until(self, focus: Focus) -> str:
        if focus.until is None:
            return ""
        return f" until {self.policy.calendar.describe_day(focus.until, self.today())}"


def _without(text: str, words: str) -> tuple[str, bool]:
    """The text without these words at its end, and whether they stood there."""
    found = f" {text}".casefold().endswith(words)
    return (text[: len(text) - len(words) + 1].strip() if found else text), found


def _ids(value: object) -> set[int]:
    return {one for one in value if isinstance(one, int)} if isinstance(value, list) else set()


def _focus(doc: Doc) -> Focus | None:
    query = text_in(doc, "focus")
    return (
        Focus(query, _day(doc.get("until")), text_in(doc, "member"), doc.get("everybody") is True)
        if query
        else None
    )


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
