"""Items as an export of our own has them: with all that they were, their history among it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from huntertui.exchange.drafts import Brought, Draft
from huntertui.exchange.items import ORIGIN
from huntertui.exchange.kinds import Role
from huntertui.exchange.owners import Owners
from huntertui.exchange.rows import BadRow, RowError, one_by_one
from huntertui.exchange.words import key
from huntertui.model.codec import from_doc, to_doc
from huntertui.model.pipeline import CLOSED
from huntertui.store.values import plain_doc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from huntertui.exchange.rows import SomeRows
    from huntertui.model.opportunity import Opportunity
    from huntertui.model.pipeline import Policy

_HERE_ONLY = frozenset({"import_id", "care_of"})  # numbers of records that are others here


class DocumentDrafter:
    """Makes drafts of items, each as JSON in the one cell of its row."""

    def __init__(self, policy: Policy, by: str, owners: Mapping[str, str], stages: Mapping[str, str]) -> None:
        """`owners`, `stages`: what is called what here, theirs -> ours."""
        self.guessed = self.met = Counter[tuple[str, str]]()
        self._owners = Owners(policy.team, by, owners)
        self._pipeline = policy.pipeline
        self._stages = {key(theirs): ours for theirs, ours in stages.items() if ours in policy.pipeline}

    def drafts(self, rows: SomeRows) -> list[Draft | RowError]:
        """What becomes of some rows: of each its draft, or why it cannot be read."""
        return one_by_one(self._draft, rows)

    def _draft(self, line: int, cells: Sequence[str]) -> Draft:
        try:
            said = json.loads(cells[0], parse_constant=_refused)
            doc, uid = dict(said["opportunity"]), str(said["uid"])
            o = from_doc(0, {name: value for name, value in doc.items() if name not in _HERE_ONLY})
            events = tuple(plain_doc(event, "events") for event in said.get("events") or ())
            others = doc.keys() - to_doc(o).keys() - _HERE_ONLY
            fields = plain_doc({name: doc[name] for name in sorted(others)}, "opportunity")
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            why = f": {error}".replace("opportunity #0: ", "") if isinstance(error, ValueError) else ""
            raise BadRow(RowError(line, "", cells[0], f"is no item of an export{why}")) from None
        owner = self._owners.of(o.owner, o.owner)
        theirs = o.source_owner or (o.owner if owner != o.owner else "")
        ids = {ORIGIN: (uid,)} | {source: ids for source, ids in o.external_ids.items() if source != ORIGIN}
        o = self._staged(replace(o, owner=owner, source_owner=theirs, external_ids=ids))
        brought = Brought(events, fields, str(said.get("care_of") or ""))
        return Draft.of(line, o, Role.DEAL, brought=brought)

    def _staged(self, o: Opportunity) -> Opportunity:
        """The item in stages of ours, as far as people say which. One that nobody knows is kept, as the
        team's file may be still to come; it is counted as its own guess."""
        stage, highest, left = (
            self._stages.get(key(name), name) for name in (o.stage, o.highest, o.closed_from)
        )
        if stage not in self._pipeline and stage not in CLOSED:
            self.guessed[stage, stage] += 1
        return replace(o, stage=stage, highest=highest, closed_from=left)


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
