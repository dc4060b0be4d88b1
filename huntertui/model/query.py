"""The find language: words, "phrases", and terms like `owner:me value>10k -is:parked`; all must hold.

A minus turns a word or term round. Comparisons: `value` in money, `late` and `touched` in business days,
`age` in calendar days (3d, 2w, 1m).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt

from huntertui.model.money import units
from huntertui.model.opportunity import PRIORITIES
from huntertui.model.pipeline import LOST, WON, Policy
from huntertui.model.ranking import DAY, Mark, Row
from huntertui.model.search import Hay, Word, fold, words_of
from huntertui.model.text import Unclear, did_you_mean
from huntertui.records import dataclass

Test = Callable[[Row], bool]

TEXTS: Mapping[str, Callable[[Row], str]] = {
    "owner": lambda row: row.owner or "nobody",
    "stage": lambda row: row.stage,
    "next": lambda row: row.next,
    "company": lambda row: row.company,
    "country": lambda row: row.country,
    "tag": lambda row: row.tags,
    "priority": lambda row: PRIORITIES[row.priority].value,
}
NUMBERS = ("value", "late", "age", "touched")
FIELDS = (*TEXTS, "is", *NUMBERS)
STATES = ("neglected", "parked", "triage", "unowned", "aged", "planned", "closed")

_OPS = {":": eq, "=": eq, ">": gt, "<": lt, ">=": ge, "<=": le}
_TOKEN = re.compile(r'(-?)(?:([^\W\d_]+)(:?[<>]=?|[:=]))?("[^"]*"?|[^\s"]*)')
_SPAN = re.compile(r"(\d{1,5})([dwm]?)")
_LONG_AGO = 40 * 366 * 86400  # seconds: nothing is older


def _no_names(_: str) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when (POSIX seconds) and by which rules. `planned`: the ids of his plan.

    `names`: what there is of owner, country, tag and so on.
    """

    me: str
    now: float
    policy: Policy
    planned: Collection[int] = ()
    names: Callable[[str], Collection[str]] = _no_names


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for. `said`: the terms and what is left out, as they were typed.

    `closed`: what is closed is asked for.
    """

    words: tuple[Word, ...] = ()
    without: tuple[Word, ...] = ()
    terms: tuple[Test, ...] = ()
    said: tuple[str, ...] = ()
    closed: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.said)

    def holds(self, row: Row, hay: Callable[[], Hay]) -> bool:
        """Whether all of it holds of a row. `hay`: what the item is found by; asked for only if words are."""
        if not all(test(row) for test in self.terms):
            return False
        if not (self.words or self.without):
            return True
        found = hay()
        wanted = all(word.rank(found) is not None for word in self.words)
        return wanted and all(word.rank(found) is None for word in self.without)

    def narrows(self, other: Query) -> bool:
        """Whether all that it finds exactly, `other` found: a part was added, or the last word has grown."""
        if self.closed != other.closed or not set(other.said) <= set(self.said):
            return False
        *before, last = other.words or (None,)
        if last is None:
            return True
        at = len(before)
        if len(self.words) <= at or list(self.words[:at]) != before:
            return False
        now = self.words[at]
        return now == last or (now.text.startswith(last.text) and not now.parts and not last.parts)


def parse(text: str, asking: Asking) -> Query:
    """Read a query. Unclear for what makes no sense, with the nearest that does."""
    words: list[str] = []
    without: list[str] = []
    terms: list[Test] = []
    said: list[str] = []
    closed = False
    for found in _TOKEN.finditer(text):
        no, field, op, value = found.groups()
        bare = value.strip('"').strip()
        if field and op == "=" and fold(field) not in FIELDS:
            bare, field = found[0].removeprefix("-"), None
        if field:
            field = fold(field)
            test = _term(field, op.lstrip(":") or ":", fold(bare), asking)
            terms.append(_turned(test) if no else test)
            closed |= (field, fold(bare), no) == ("is", "closed", "")
        elif bare:
            (without if no else words).append(bare)
        if (field or no) and found[0] != "-":
            said.append(fold(found[0]))
    gone = tuple(word for text in without for word in words_of([text]))
    return Query(tuple(words_of(words)), gone, tuple(terms), tuple(said), closed)


def _turned(test: Test) -> Test:
    return lambda row: not test(row)


def _term(field: str, op: str, value: str, asking: Asking) -> Test:
    if field not in FIELDS:
        there = ", ".join(f"{name}:" for name in FIELDS)
        hint = did_you_mean(field, FIELDS, f"there are {there}").replace("?", ":?")
        raise Unclear(f"no field {field!r} to find by: {hint}")
    if field in NUMBERS:
        return _number(field, op, value, asking)
    if op not in (":", "="):
        raise Unclear(f"{field} is no number: write {field}:{value}")
    if not value:
        choices = ", ".join(list(values(field, asking))[:8])
        raise Unclear(f"{field}: which? {choices}" if choices else f"{field}: what is to stand there?")
    if field == "is":
        return _state(value, asking)
    if field in ("stage", "priority"):
        known = values(field, asking)
        if not any(fold(name).startswith(value) for name in known):
            raise Unclear(f"no {field} {value!r}: {did_you_mean(value, known, ', '.join(known))}")
    return _text(field, value, asking)


def _text(field: str, value: str, asking: Asking) -> Test:
    """A field that has the value: anywhere in `next` and `company`, else as it begins or, if there is one so
    called, all of it."""
    read = TEXTS[field]
    if field in ("next", "company"):
        return _known(read, lambda text: value in text)
    if (field, value) == ("owner", "me"):
        return lambda row: row.owner == asking.me
    if any(fold(name) == value for name in asking.names(field)):
        return _known(read, lambda text: value in text.split(", "))
    return _known(read, lambda text: any(one.startswith(value) for one in text.split(", ")))


def _known(read: Callable[[Row], str], holds: Callable[[str], bool]) -> Test:
    """A test that looks at each text once, as few owners, tags and stages stand in many rows."""
    known: dict[str, bool] = {}

    def test(row: Row) -> bool:
        text = read(row)
        found = known.get(text)
        if found is None:
            found = known[text] = holds(fold(text))
        return found

    return test


def _state(value: str, asking: Asking) -> Test:
    now, planned = asking.now, frozenset(asking.planned)
    tests: Mapping[str, Test] = {
        "neglected": lambda row: row.late(now),
        "parked": lambda row: Mark.PARKED in row.marks,
        "triage": lambda row: Mark.TRIAGE in row.marks,
        "unowned": lambda row: not row.owner,
        "aged": lambda row: row.aged <= now,
        "planned": lambda row: row.id in planned,
        "closed": lambda row: Mark.CLOSED in row.marks,
    }
    if value not in tests:
        raise Unclear(f"is:{value} says nothing: {did_you_mean(value, tests, ', '.join(tests))}")
    return tests[value]


def _number(field: str, op: str, value: str, asking: Asking) -> Test:
    example = f"{field}>10k" if field == "value" else f"{field}>3d"
    if not value:
        raise Unclear(f"{field}{op} how much? like {example}")
    if field == "value":
        from huntertui.model.entry import read_money  # late: only who asks for a value pays for it

        amount, currency = read_money(value.upper())
        compare, bound = _OPS[op], units(amount, currency)
        return lambda row: (
            row.value is not None
            and compare(units(row.value, row.currency), bound)
            and currency in ("", row.currency)
        )
    span = _SPAN.fullmatch(value)
    if not span:
        raise Unclear(f"{field}{op}{value} is no number of days: like {example}, 2w or 1m")
    days = int(span[1]) * _unit(span[2], business=field != "age")
    early, late = _since(field, days + 1, asking), _since(field, days, asking)
    spans: Mapping[str, Callable[[float], bool]] = {
        ":": lambda moment: early <= moment < late,
        "=": lambda moment: early <= moment < late,
        ">": lambda moment: moment < early,
        ">=": lambda moment: moment < late,
        "<": lambda moment: moment >= late,
        "<=": lambda moment: moment >= early,
    }
    within = spans[op]
    now, aged = asking.now, asking.policy.aged_days * DAY
    if field == "late":
        return lambda row: row.late(now) and within(row.by)
    if field == "touched":
        return lambda row: within(row.touched)
    return lambda row: within(row.aged - aged)


def _unit(letter: str, *, business: bool) -> int:
    return {"": 1, "d": 1, "w": 5 if business else 7, "m": 21 if business else 30}[letter]


def _since(field: str, days: int, asking: Asking) -> float:
    """The first moment from which it is less than so many days to now, in seconds; by halving."""
    calendar, now = asking.policy.calendar, datetime.fromtimestamp(asking.now, UTC)
    today = calendar.day(now)

    def less(second: int) -> int:
        moment = datetime.fromtimestamp(second, UTC)
        if field == "late":
            return -calendar.late_days(moment, now)
        if field == "touched":
            return -calendar.days_between(calendar.day(moment), today)
        return -((int(asking.now) - second) // int(DAY))

    seconds = range(int(asking.now) - _LONG_AGO, int(asking.now) + 2)
    return float(seconds.start + bisect_right(seconds, -days, key=less))


# Completion


def values(field: str, asking: Asking) -> list[str]:
    """What a field may be asked for, as far as it is known."""
    if field == "is":
        return list(STATES)
    if field == "stage":
        return [*(stage.name for stage in asking.policy.pipeline.stages), WON, LOST]
    if field == "priority":
        return [priority.value for priority in PRIORITIES]
    names = sorted(name for name in asking.names(field) if name)
    return ["me", "nobody", *names] if field == "owner" else names


def complete(text: str, asking: Asking) -> str:
    """The text with its last word completed: a field, or a value that there is; whole already, the next."""
    head, word = _last(text)
    no, word = ("-", word[1:]) if word.startswith("-") else ("", word)
    field, colon, begun = word.partition(":")
    if not colon:
        fields = [name + ("" if name in NUMBERS else ":") for name in FIELDS if name.startswith(fold(word))]
        return head + no + fields[0] if word and fields else text
    there = values(fold(field), asking)
    begun = begun.strip('"')
    if begun in there:
        value = there[(there.index(begun) + 1) % len(there)]
    else:
        value = next((name for name in there if fold(name).startswith(fold(begun))), "")
    if not value:
        return text
    return f'{head}{no}{field}:"{value}"' if " " in value else f"{head}{no}{field}:{value}"


def _last(text: str) -> tuple[str, str]:
    """What stands before the last word, and that word; a phrase is one."""
    at = end = 0
    for found in _TOKEN.finditer(text):
        if found[0]:
            at, end = found.span()
    return (text[:at], text[at:]) if text and not text[-1].isspace() and end == len(text) else (text, "")
