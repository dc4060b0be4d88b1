"""From a file to the store: first read, which changes nothing, then import, all of it in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from huntertui.exchange.drafts import Drafter
from huntertui.exchange.reading import read_sheets
from huntertui.exchange.rows import BadRow, RowError
from huntertui.exchange.tables import table_of
from huntertui.garbage import uncollected
from huntertui.model.codec import instant_text, to_doc
from huntertui.model.pipeline import CLOSED, LOST, WON
from huntertui.model.text import clean, normalise_email, normalise_phone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from huntertui.exchange.dates import Order
    from huntertui.exchange.drafts import Draft
    from huntertui.exchange.tables import Table
    from huntertui.model.opportunity import Opportunity
    from huntertui.model.pipeline import Policy
    from huntertui.store.store import Reader, Store, Tx

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. `mapping`: (header, what it is read as, None: kept as it is); `errors`: rows that
    are left out; `notices`: what was assumed; `file`: its name without the folder."""

    kind: str
    mapping: tuple[tuple[str, str | None], ...]
    drafts: tuple[Draft, ...]
    errors: tuple[RowError, ...]
    notices: tuple[str, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do. `added` = `open` + `won` + `lost`; `triage` of the open ones are past
    a limit already; `skipped` were here before; `blocked` are on the list of those not to contact;
    `import_id`: None when nothing was written. Nothing that is here is ever `updated` in this version."""

    added: int
    updated: int
    skipped: int
    triage: int
    open: int
    won: int
    lost: int
    import_id: int | None
    errors: tuple[RowError, ...]
    blocked: int = 0


def read(
    path: Path,
    policy: Policy,
    by: str,
    now: datetime,
    owner_map: Mapping[str, str] = _NONE,
    dates: Order | None = None,
) -> Reading:
    """Read a file into drafts owned by `by`, or by whom `owner_map` (their name -> ours) says.

    ImportFault when the file as a whole cannot be imported, OpenDates when that takes `dates`; single bad
    rows are `errors` of the result.
    """
    (sheet,) = read_sheets(path)
    table = table_of(sheet, dates)
    drafter = Drafter(table.layout, policy, by, now, owner_map)
    notices = list(table.notices)
    with uncollected():
        drafts, errors, deleted = _drafts(drafter, table)
    if deleted:
        notices.append(f"rows marked as deleted, left out: {deleted}")
    notices.extend(
        f"stage {word!r} is not known here: {count} {'row' if count == 1 else 'rows'} to {stage}"
        for (word, stage), count in sorted(drafter.guessed.items())
    )
    kept, repeated = _first_of_each(drafts)
    errors = sorted([*errors, *repeated], key=lambda error: error.line)
    mapping = tuple((column.header, column.field) for column in table.layout.columns)
    return Reading(table.layout.kind.name, mapping, kept, tuple(errors), tuple(notices), sheet.name)


def _drafts(drafter: Drafter, table: Table) -> tuple[list[Draft], list[RowError], int]:
    """(drafts, errors, how many rows say that they are deleted)."""
    drafts: list[Draft] = []
    errors: list[RowError] = []
    deleted = 0
    for line, cells in table.rows():
        try:
            draft = _draft(drafter, line, cells, len(table.header))
        except BadRow as bad:
            errors.append(bad.error)
            continue
        if draft is None:
            deleted += 1
        else:
            drafts.append(draft)
    return drafts, errors, deleted


def _draft(drafter: Drafter, line: int, cells: list[str], width: int) -> Draft | None:
    over = next((cell for cell in cells[width:] if cell.strip()), "")
    if over:
        message = f"is beyond the header's {width} columns: is a delimiter not in quotes?"
        raise BadRow(RowError(line, "", clean(over), message))
    return drafter.draft(line, cells)


def _first_of_each(drafts: Sequence[Draft]) -> tuple[tuple[Draft, ...], list[RowError]]:
    """One draft for each key, and the errors of those that repeat one."""
    first: dict[tuple[str, str], Draft] = {}
    errors: list[RowError] = []
    for draft in drafts:
        if (there := first.setdefault(draft.key, draft)) is not draft:
            errors.append(RowError(draft.line, "", draft.key[1], f"has the same id as line {there.line}"))
    return tuple(first.values()), errors


def import_into(store: Store, reading: Reading, by: str, now: datetime, dry_run: bool = False) -> Imported:
    """Write what was read as one record that undo takes back; with `dry_run` only count.

    What is here already, by its external id, is left as people have made it, so a second run adds nothing.
    Nothing is written when there is nothing to add. Raises what `Store.transact` raises.
    """

    def count(reader: Reader) -> tuple[list[Draft], Imported]:
        fresh, skipped, blocked = _sorted_out(reader, reading.drafts)
        stages = [draft.opportunity.stage for draft in fresh]
        return fresh, Imported(
            added=len(fresh),
            updated=0,
            skipped=skipped,
            triage=sum(draft.opportunity.triage for draft in fresh),
            open=sum(stage not in CLOSED for stage in stages),
            won=stages.count(WON),
            lost=stages.count(LOST),
            import_id=None,
            errors=reading.errors,
            blocked=blocked,
        )

    def run(tx: Tx) -> Imported:
        fresh, done = count(tx)
        if not fresh:
            return done
        id = tx.insert("imports", _import_doc(reading, done, by, now))
        for draft in fresh:
            tx.insert("opportunities", to_doc(draft.opportunity) | {"import_id": id})
        tx.label = f"imported {done.added} from {reading.file}"
        return replace(done, import_id=id)

    with uncollected():
        if dry_run:
            store.refresh()
            return count(store)[1]
        return store.transact(run, by).result


def _sorted_out(reader: Reader, drafts: Sequence[Draft]) -> tuple[list[Draft], int, int]:
    """(what is new, how many are here already, how many are not to be contacted)."""
    here = {pair for _, doc in reader.find("opportunities") for pair in _ids(doc)}
    off = {(str(doc.get("kind")), str(doc.get("value"))) for _, doc in reader.find("do_not_contact")}
    new = [draft for draft in drafts if draft.key not in here]
    fresh = [draft for draft in new if not (off and off.intersection(_ways(draft.opportunity)))]
    return fresh, len(drafts) - len(new), len(new) - len(fresh)


def _ids(doc: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    ids = doc.get("external_ids")  # others may have edited the store's file
    for source, of_it in ids.items() if isinstance(ids, dict) else ():
        yield from ((source, str(id)) for id in (of_it if isinstance(of_it, list) else [of_it]))


def _ways(o: Opportunity) -> Iterator[tuple[str, str]]:
    """How one can reach the contacts, as the list of those not to contact has it."""
    for contact in o.contacts:
        yield from (("email", normalise_email(email)) for email in contact.emails)
        yield from (("phone", normalise_phone(phone)) for phone in contact.phones)


def _import_doc(reading: Reading, done: Imported, by: str, now: datetime) -> dict[str, Any]:
    return {
        "file": reading.file,
        "kind": reading.kind,
        "at": instant_text(now),
        "by": by,
        "headers": [header for header, _ in reading.mapping],
        "added": done.added,
        "skipped": done.skipped,
        "blocked": done.blocked,
        "triage": done.triage,
        "open": done.open,
        "won": done.won,
        "lost": done.lost,
        "errors": len(done.errors),
    }
