"""The find language: words in all that is known of an item, terms, comparisons, what is nearly it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from deals import POLICY, after, at, deal, logged, parked
from hypothesis import given
from hypothesis import strategies as st

from huntertui.finding import Finder
from huntertui.model.opportunity import Channel, Contact, Kind, NextStep, Opportunity, Priority
from huntertui.model.query import FIELDS, Asking, complete, parse
from huntertui.model.ranking import Row, row_of
from huntertui.model.search import ELSEWHERE, INSIDE, START, Near, fold, hay_of, words_of
from huntertui.model.touch import Outcome

NOW = at("11-23 10:00")  # a Monday
NAMES = {"owner": ["ana", "anabel"], "tag": ["expo", "expo north"], "country": ["DE", "Sweden"]}
ASKING = Asking("ana", NOW.timestamp(), POLICY, [1], lambda field: NAMES.get(field, ()))


def widgets(**fields: Any) -> Opportunity:
    given: dict[str, Any] = {
        "id": 1,
        "name": "1,200 Widgets",
        "company": "Müller & Söhne Straßenbau",
        "country": "DE",
        "contacts": (
            Contact("Jane O'Dea", "CTO", ("jane.odea@mueller.example",), ("+44 (0)20 7946 0112",)),
            Contact("Łukasz Brønsted", phones=("0412 345 678",)),
        ),
        "owner": "ana",
        "stage": "attempting",
        "next": NextStep("", Kind.CADENCE, Channel.CALL),
        "cadence": "hunter6",
        "cadence_done": 2,
        "created": NOW - timedelta(days=40),
        "clock": NOW,
        "tags": ("expo", "vip"),
        "notes": "Met at the fair.\nWants a quote for the Nürnberg depot.",
        "value": 1_000_000,
        "currency": "EUR",
    }
    return Opportunity(**(given | fields))


def found(text: str, o: Opportunity | None = None, asking: Asking = ASKING) -> bool:
    o = o or widgets()
    finder = Finder()
    finder.put(o)
    return finder.holds(parse(text, asking))(row_of(o, POLICY))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        ("muller", True),
        ("MÜLLER strasse", True),
        ("straße", True),
        ("widg jane", True),
        ("jane bob", False),
        ("odea", True),
        ("dea", True),
        ("o'dea", True),
        ("lukasz bronsted", True),
        ("jane.odea@mueller", True),
        ("nurnberg", True),
        ('"wants a quote"', True),
        ('"quote wants"', False),
        ('"fair wants"', False),  # a phrase does not go over the end of a line
        ('"unclosed jane', False),
        ("vip", True),
        ("-vip", False),
        ("-gone", True),
        ("-", True),
        ("442079460112", True),
        ("+44 20 7946 0112", True),
        ("+44(0)20", True),
        ("0044 20 7946", True),
        ("020 7946 0112", True),
        ("02079460112", True),
        ("7946", True),
        ("+61 412 345 678", True),  # kept without its country
        ("7947", False),
        ("owner:me", True),
        ("owner:ana next:call", True),
        ("owner:anab", False),
        ("owner:a", True),
        ("owner:ben", False),
        ("-owner:ben", True),
        ("stage:attempting muller", True),
        ("stage:new", False),
        ("next:3/6", True),
        ("next:email", False),
        ("company:sohne", True),
        ("country:de", True),
        ("country:sweden", False),
        ("tag:expo", True),
        ('tag:"expo north"', False),
        ("tag:exp", True),
        ("priority:normal", True),
        ("priority:high", False),
        ("value>9k", True),
        ("value>10k", False),
        ("value>=10k value<=10k value=10k value:10k", True),
        ("value<€11k", True),
        ("value<$11k", False),
        ("value:>0.009m", True),
        ("age>39d", True),
        ("age>40d", False),
        ("age=40 age<6w", True),
        ("age>1m", True),
        ("touched>5d", True),  # never
        ("touched<5d", False),
        (".* [", False),
        ("10:30", False),
        ("a=b", False),
    ],
)
def test_matches(text: str, holds: bool) -> None:
    assert found(text) is holds


@pytest.mark.parametrize(
    ("text", "o", "holds"),
    [
        ("is:neglected", deal(), True),
        ("late>3d", deal(), True),  # since the end of Tue 17 Nov: 4 business days
        ("late=4d late<1w", deal(), True),
        ("late>4d", deal(), False),
        ("late>0d", deal(came="11-20 10:00"), False),
        ("late<9d", deal(came="11-20 10:00"), False),
        ("is:parked", after(deal(), parked("11-23 09:00", "12-01")), True),
        ("is:parked", deal(), False),
        ("is:triage", deal(triage=True), True),
        ("is:unowned", deal(owner=""), True),
        ("owner:nobody", deal(owner=""), True),
        ("is:aged", deal(came="01-20 10:00"), True),
        ("is:aged", deal(), False),
        ("is:planned", deal(), True),
        ("is:planned", deal(id=2), False),
        ("touched=1d", after(deal(), logged("11-20 18:00", Outcome.NO_ANSWER)), True),
        ("touched<1d", after(deal(), logged("11-20 18:00", Outcome.NO_ANSWER)), False),
        ("touched<1d", after(deal(), logged("11-23 09:00", Outcome.NO_ANSWER)), True),
        ("value<1k", deal(), False),
        ("is:closed", deal("won", closed_from="proposal", closed_on=date(2026, 11, 20)), True),
        ("priority:high", deal(priority=Priority.HIGH), True),
    ],
)
def test_states_and_spans(text: str, o: Opportunity, holds: bool) -> None:
    assert found(text, o) is holds


@given(st.integers(0, 100), st.integers(0, 8), st.sampled_from(["<", "<=", "=", ">=", ">"]))
def test_late_counts_as_the_screen_does(hours: int, days: int, op: str) -> None:
    row = row_of(deal(), POLICY)._replace(by=(NOW - timedelta(hours=hours)).timestamp())
    late = POLICY.calendar.late_days(NOW - timedelta(hours=hours), NOW)
    holds = {"<": late < days, "<=": late <= days, "=": late == days, ">=": late >= days, ">": late > days}
    assert Finder().holds(parse(f"late{op}{days}d", ASKING))(row) is (holds[op] and hours > 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stag:new", "did you mean stage:"),
        ("colour>3", "no field 'colour'"),
        ("stage:proposl", "did you mean proposal?"),
        ("priority:hihg", "did you mean high?"),
        ("is:parkd", "did you mean parked?"),
        ("is:", "is: which? neglected"),
        ("owner:", "owner: which? me, nobody, ana, anabel"),
        ("owner>3", "owner is no number"),
        ("value>", "value> how much? like value>10k"),
        ("value>lots", "no amount"),
        ("late>soon", "late>soon is no number of days: like late>3d"),
        ("late>9999999d", "is no number of days"),
    ],
)
def test_what_makes_no_sense_is_said_with_the_nearest(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(text, ASKING)


@given(st.text(max_size=40) | st.lists(st.sampled_from([*FIELDS, ":", ">", '"', "-", " ", "1"])).map("".join))
def test_any_text_is_a_query_or_is_said_not_to_be(text: str) -> None:
    complete(text, ASKING)
    try:
        query = parse(text, ASKING)
    except ValueError:
        return  # any other error would show
    Finder().holds(query)(row_of(widgets(), POLICY))


@pytest.mark.parametrize(
    ("word", "rank"),
    [("wid", START), ("jane", START), ("brøn", START), ("vip", ELSEWHERE), ("20 7946", ELSEWHERE),
     ("idget", INSIDE), ("uote", INSIDE), ("zebra", None)],
)  # fmt: skip
def test_how_well_a_word_matches(word: str, rank: int | None) -> None:
    [one] = words_of([word] if " " not in word else word.split())
    assert one.rank(hay_of(widgets())) == rank


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("nrodwind", True),  # two letters swapped
        ("nordwnd", True),  # one is missing
        ("nordwinnd", True),  # one too many
        ("nordwimd", True),  # one is wrong
        ("nordwidn", True),
        ("norwdind", True),
        ("nrdwnd", True),  # some left out
        ("nordwi", True),
        ("nw", False),
        ("lgstk", True),
        ("wind", False),  # it begins no word: that is no slip
        ("nordsee", False),
        ("(((((", False),
    ],
)
def test_what_is_nearly_a_name(typed: str, near: bool) -> None:
    [word] = words_of([typed])
    assert Near(word)(hay_of(widgets(name="Nordwind Logistik")).names) is near


def test_long_words_and_names_take_no_time() -> None:
    [word] = words_of(["a" * 2000 + "bxb"])
    assert not Near(word)(hay_of(widgets(name=("a" * 3000) + " " + "a " * 1000)).names)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("ow", "owner:"),
        ("acme st", "acme stage:"),
        ("-ow", "-owner:"),
        ("val", "value"),
        ("owner:", "owner:me"),
        ("owner:me", "owner:nobody"),
        ("owner:anabel", "owner:me"),
        ("owner:an", "owner:ana"),
        ("stage:pro", "stage:proposal"),
        ("is:n", "is:neglected"),
        ("country:d", "country:DE"),
        ("tag:expo", 'tag:"expo north"'),
        ("priority:u", "priority:urgent"),
        ("zzz", "zzz"),
        ("owner:zzz", "owner:zzz"),
        ("acme ", "acme "),
        ("", ""),
    ],
)
def test_tab_completes_what_there_is(text: str, whole: str) -> None:
    assert complete(text, ASKING) == whole


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


# Typing on: what is found among the last hits is what is found anew

ROWS = [
    row_of(widgets(id=id, name=f"{name} {id}", company=company, contacts=(), stage=stage), POLICY)
    for id, (name, company, stage) in enumerate(
        product(("Acme", "Acne", "Bacme", "Nord"), ("Zed", "Acme Zoo", ""), ("new", "attempting")), 1
    )
]  # fmt: skip
TYPED = st.lists(st.sampled_from(["acme", "nord", "-1", "stage:new", "zed", " ", "a", "c", "20", "1"])).map(
    "".join
)


@given(TYPED, TYPED)
def test_going_on_typing_finds_the_same_as_typing_at_once(first: str, then: str) -> None:
    typing = Finder()
    for end in range(len(first + then) + 1):
        anew, text = Finder(), (first + then)[:end]
        try:
            query = parse(text, ASKING)
        except ValueError:
            continue
        lanes: list[list[Row]] = [ROWS[:8], ROWS[8:], []]
        assert typing.find(query, lanes, 0.0) == anew.find(query, lanes, 0.0)
