"""Rows that are here already: how they are known, what they fill in, and what they never touch."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import NOW, Clock, desk_at, everything, small_world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huntertui.desk import Desk
from huntertui.errors import NotAllowed
from huntertui.exchange import Imported, Reading, import_into, plan, read
from huntertui.exchange.alike import company_key, person_key, same_company
from huntertui.model.codec import from_doc
from huntertui.model.opportunity import Contact, Opportunity
from huntertui.model.touch import Outcome

SALESFORCE_ACCOUNTS = "Id,Name,BillingCity,BillingCountry,Phone\n"
SALESFORCE_DEALS = "Id,Name,AccountId,StageName,CloseDate,Amount\n"


@pytest.fixture
def desk(clock: Clock) -> Desk:
    desk = desk_at("memory:", clock)
    small_world(desk)
    return desk


@pytest.fixture
def empty(clock: Clock) -> Desk:
    return desk_at("memory:", clock)


def take_in(desk: Desk, folder: Path, *texts: str, dry_run: bool = False) -> Imported:
    readings: list[Reading] = []
    for n, text in enumerate(texts):
        file = folder / f"{n}.csv"
        file.write_text(text, encoding="utf-8")
        readings += read(file, desk.policy, desk.me, desk.now())
    done = import_into(desk.store, readings, desk.me, desk.now(), dry_run=dry_run)
    assert done.added + done.merged + done.rejected + done.left_out == done.rows
    desk.follow()
    return done


def records(desk: Desk) -> list[Opportunity]:
    return [from_doc(id, doc) for id, doc in desk.store.find("opportunities")]


# Names


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ACME Industries, S.A.", "Acme industries", True),
        ("Müller Maschinenbau GmbH & Co. KG", "Mueller Maschinenbau", True),
        ("Siemens Healthineers", "Siemens Healtineers AG", True),
        ("International Business Machines Corp.", "International Busines Machines", True),
        ("Gottlieb and Sons", "Gottlieb & Sons", True),
        ("The Acme Company", "Acme", True),
        ("Data Works Ltd", "Dataworks Limited", True),
        ("Société Générale", "Societe Generale SA", True),
        ("Deutsche Bank", "Deutsche Bahn", False),
        # A long name must not hide the one word that is another.
        ("Deutsche Bank Hamburg Filiale Altona", "Deutsche Bahn Hamburg Filiale Altona", False),
        ("Volksbank Nordheim eG", "Volksbank Northeim eG", False),
        ("Schmidt Consulting", "Schmitt Consulting", False),
        ("Studio 54 Productions International", "Studio 55 Productions International", False),
        ("Acme Holding", "Acme Trading", False),
        ("Acme", "Acme Mexico", False),
    ],
)
def test_when_two_companies_are_one(one: str, other: str, same: bool) -> None:
    assert same_company(company_key(one), company_key(other)) is same
    assert same_company(company_key(other), company_key(one)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann Lee", "LEE, Ann", True),
        ("José Müller-Lüdenscheidt", "Jose Mueller Luedenscheidt", True),
        ("Daniel Weber", "Daniela Weber", False),
        ("Jan Novak", "Jana Novak", False),
    ],
)
def test_when_two_people_are_one(one: str, other: str, same: bool) -> None:
    assert (person_key(one) == person_key(other)) is same


# How a row is known: #1 is Ann Lee of Acme with an e-mail and a phone, ana's; #3 is Cat Fox of Globex, ben's


@pytest.mark.parametrize(
    ("row", "twin"),
    [
        ("Anna Leigh,Other,ANN@acme.example,", (1, "ana", "e-mail")),
        ("Ann Lee,Other,,0044 (20) 7946-0958", (1, "ana", "phone")),
        ("Zoe New,Other,,+44 20 7946 0958", None),  # a switchboard: many people have its number
        ('"Fox, Cat",Globex Inc.,,', (3, "ben", "company and name")),
        ("Cat Fox,Initech,,", None),
        ("Cat Fox,,,", None),
        ("Cat Foxx,Globex,,", None),
    ],
)
def test_a_person_who_is_here_is_shown_with_the_owner(
    desk: Desk, tmp_path: Path, row: str, twin: tuple[int, str, str] | None
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"Contact,Company,Email,Phone\n{row}\n")
    planned = plan(desk.store, read(file, desk.policy, "ana", NOW), "ana", NOW)
    found = [(d.id, d.owner, d.how) for d in planned.duplicates]
    assert found == ([twin] if twin else [])
    assert (planned.done.added, planned.done.merged) == ((0, 1) if twin else (1, 0))


def test_an_address_that_many_read_tells_nobody(empty: Desk, tmp_path: Path) -> None:
    text = "Contact,Company,Email\nAnn Lee,Acme,info@acme.example\nBob Ray,Acme,info@acme.example\n"
    assert take_in(empty, tmp_path, text).added == 2
    assert take_in(empty, tmp_path, text.replace("Contact", "Full Name")).merged == 2


def test_two_deals_of_one_customer_stay_two(empty: Desk, tmp_path: Path) -> None:
    text = "Deal Name,Company,Email\nFleet,Acme,ann@acme.example\nParts,Acme,ann@acme.example\n"
    assert take_in(empty, tmp_path, text).added == 2
    other = "Deal Name,Company,Email,Amount\nFLEET,Acme Inc.,ann@acme.example,500\n"
    assert take_in(empty, tmp_path, other).merged == 1
    assert [(o.name, o.value) for o in records(empty)] == [("Fleet", 50_000), ("Parts", None)]


# What is filled in


def test_what_is_empty_is_filled_in_and_what_people_made_stays(desk: Desk, tmp_path: Path) -> None:
    desk.note(1, "mine")
    before = desk.opportunity(1)
    assert before is not None
    text = (
        "Contact,Company,Email,Phone,Job Title,Country,Stage,Value,Owner,Shoe Size\n"
        "Annie Lee,Acme Holding,ann@acme.example,+49 30 123456,CTO,de,Proposal,9999,Zoe,38\n"
    )
    done = take_in(desk, tmp_path, text)
    assert (done.merged, done.updated, done.added) == (1, 1, 0)
    after = desk.opportunity(1)
    assert after is not None
    assert (after.company, after.stage, after.owner, after.value) == ("Acme", "new", "ana", 1_200_000)
    assert (after.country, after.extra) == ("de", {"Shoe Size": "38"})
    assert after.contacts == (
        before.contacts[0],
        Contact("Annie Lee", "CTO", ("ann@acme.example",), ("+49 30 123456",)),
    )
    assert (after.clock, after.next, after.last_touch) == (before.clock, before.next, before.last_touch)
    assert desk.history(1)[0].text == "from 0.csv: contacts, country, external ids, extra"


def test_a_row_that_comes_again_brings_back_nothing_that_people_took_away(
    empty: Desk, tmp_path: Path
) -> None:
    text = "Contact,Company,Email,Phone,Tags\nAnn Lee,Acme,ann@acme.example,+44 20 7946 0958,vip\n"
    take_in(empty, tmp_path, text)
    empty.log(1, Outcome.WRONG_NUMBER)
    before = everything(empty.store)
    assert take_in(empty, tmp_path, text).updated == 0
    assert everything(empty.store) == before


def test_importing_clears_no_red(empty: Desk, tmp_path: Path, clock: Clock) -> None:
    text = "Contact,Company,Email,Last Activity\nAnn Lee,Acme,ann@acme.example,2026-11-20\n"
    take_in(empty, tmp_path, text)
    clock.pass_(days=30)
    red = empty.explain(1)[0].partition(";")[0]
    assert red.startswith("Red since the end of Mon 23 Nov")
    later = text.replace("2026-11-20", "2026-12-22").replace("Ann Lee,Acme", "Ann Lee,Acme AG")
    assert take_in(empty, tmp_path, later).updated == 1
    assert empty.explain(1)[0].partition(";")[0] == red


# Undo


HERE = "Contact,Company,Email,Country\nAnn,Acme,ann@acme.example,de\nBob,Acme,bob@acme.example,uk\n"


@pytest.mark.parametrize("bulk", [False, True])
def test_undo_takes_back_what_was_filled_in(
    desk: Desk, tmp_path: Path, bulk: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if bulk:
        monkeypatch.setattr("huntertui.store.tiny.BULK", 2)
    before = everything(desk.store)
    text = (
        "Contact,Company,Email,Country\nAnn,Acme,ann@acme.example,de\nBob,Acme,bob@acme.example,uk\nZoe,Z,,\n"
    )
    assert (take_in(desk, tmp_path, text).updated, len(records(desk))) == (2, 7)
    assert desk.undo().message == "undone: imported 1 from 0.csv"
    assert everything(desk.store) == before
    if not bulk:
        desk.redo()
        assert [o.country for o in records(desk)[:2]] == ["de", "uk"]
        desk.undo()
        assert everything(desk.store) == before


def test_undo_keeps_what_somebody_has_worked_on_since(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, HERE)
    desk.store.transact(lambda tx: tx.update("opportunities", 1, {"name": "x"}), "ben")
    desk.follow()
    assert desk.undo().message == "undone: imported 2 filled in from 0.csv; changed since, so kept: x #1"
    assert [o.country for o in records(desk)[:2]] == ["de", ""]
    desk.store.transact(lambda tx: tx.update("opportunities", 1, {"name": "y"}), "ben")
    take_in(desk, tmp_path, HERE.replace("uk", "fr"))
    desk.store.transact(lambda tx: tx.update("opportunities", 2, {"name": "y"}), "ben")
    with pytest.raises(NotAllowed, match="all of it has been changed since"):
        desk.undo()


# All rows, twice


NAMES = st.sampled_from(["", "Ann Lee", "Bob Ray", "Lee, Ann", "Cat Fox"])
ROWS = st.fixed_dictionaries(
    {
        "Id": st.sampled_from(["", "1", "2", "3"]),
        "Deal Name": st.sampled_from(["", "Fleet", "Parts"]),
        "Contact": NAMES,
        "Company": st.sampled_from(["", "Acme", "Acme GmbH", "Globex"]),
        "Email": st.sampled_from(["", "ann@acme.example", "info@acme.example", "bob@globex.example"]),
        "Phone": st.sampled_from(["", "+44 20 7946 0958", "020 7946 0959"]),
        "Value": st.sampled_from(["", "5", "much"]),
        "Tags": st.sampled_from(["", "vip", "vip, old"]),
        "Shoe Size": st.sampled_from(["38", "39"]),  # some cell of each row says something
    }
)


def text_of(rows: list[dict[str, str]], columns: list[str]) -> str:
    lines = [",".join(columns), *(",".join(f'"{row[column]}"' for column in columns) for row in rows)]
    return "\n".join(lines) + "\n"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=8), st.lists(ROWS, min_size=1, max_size=4), st.booleans())
def test_every_row_is_accounted_for_and_comes_once(
    tmp_path: Path, first: list[dict[str, str]], second: list[dict[str, str]], deals: bool
) -> None:
    """Whatever two files say: each row has one fate, the second run of each adds and changes nothing, a plan
    says what is then done, and one undo for each leads back."""
    desk = desk_at("memory:", Clock())
    small_world(desk)
    states = [everything(desk.store)]
    columns = list(first[0])
    texts = [
        text_of(rows, columns if deals else [c for c in columns if c != "Deal Name"])
        for rows in (first, second)
    ]
    done = []
    for text in texts:
        foretold = take_in(desk, tmp_path, text, dry_run=True)
        assert everything(desk.store) == states[-1]
        done.append(take_in(desk, tmp_path, text))
        assert (foretold.added, foretold.merged, foretold.updated) == (
            done[-1].added,
            done[-1].merged,
            done[-1].updated,
        )
        if done[-1].import_id:
            states.append(everything(desk.store))
    now = everything(desk.store)
    for text in texts:
        again = take_in(desk, tmp_path, text)
        assert (again.added, again.updated, again.import_id) == (0, 0, None)
    assert everything(desk.store) == now
    for state in reversed(states[:-1]):
        desk.undo()
        assert everything(desk.store) == state


def test_an_id_that_several_programs_may_have_given_takes_no_strangers_row(
    empty: Desk, tmp_path: Path
) -> None:
    header = "Contact ID,First Name,Last Name,Email,Company\n"
    zora = f"{header}101,Zora,Other,zora@elsewhere.example,Elsewhere\n"
    kurt = f"{header}101,Kurt,Third,kurt@third.example,Third\n"
    assert take_in(empty, tmp_path, zora).added == take_in(empty, tmp_path, kurt).added == 1
    for again in (zora, kurt):
        done = take_in(empty, tmp_path, again)
        assert (done.added, done.skipped, done.updated) == (0, 1, 0)
    renamed = f"{header}101,Zora,Wed,zora@elsewhere.example,Elsewhere\n"
    assert take_in(empty, tmp_path, renamed).added == 0
    assert sorted(o.contacts[0].name for o in records(empty)) == ["Kurt Third", "Zora Other"]
