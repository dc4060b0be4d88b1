"""A made-up day of a team of three, for a look around: the same each time, but always about today.

Each item is told as a story of acts, which the desks of the three carry out at earlier times; so history,
debts and counts are what real work would have left. All numbers are ones that are kept free for fiction.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from huntertui.desk import Desk
from huntertui.desk.tables import EVENTS, OPPORTUNITIES, PLANS
from huntertui.model.calendar import Calendar
from huntertui.model.entry import read_money
from huntertui.model.opportunity import Contact, Opportunity, Priority
from huntertui.model.pipeline import Policy
from huntertui.model.team import Member, Team
from huntertui.model.touch import Answer, Outcome
from huntertui.records import dataclass
from huntertui.store import Store, Tx, open_store

ME = "ana"
TEAM = (ME, "ben", "carla")
TABLES = (OPPORTUNITIES, EVENTS, PLANS, "do_not_contact")

_PLAN = (("Ashgrove Dairies", 0), ("Bluestem Foods", 0), ("Möwe Reederei", 1), ("Prairie Rail Supply", 0))
"""What ana has planned by hand: the company, and how many working days ago she did."""

# owner | company | country | contact | role | phone | value | story
# A story: "DAYS ACT ...", working days ago (0: within the last hour), parted by ";". @N is the Nth working
# day from today, @soon and @later are times today.
_ITEMS = """
ana|Nordwind Logistik|DE|Katrin Vogel|head of purchasing|+49 30 23125 017|48k|16 add;15 no_answer;13 sent price list;9 no_answer the switchboard again
ana|Harbour & Finch|GB|Oliver Finch|owner|+44 20 7946 0112|9k|1 add
ana|Bluestem Foods|US|Dana Whitfield|VP operations|+1 212 555 0143|$65k|3 add;3 note met at the packaging fair, asked for a call;2 priority high
ana|Ashgrove Dairies|IE|Niamh Kelleher|plant manager|+353 20 910 0024|31k|9 add;8 voicemail;6 sent brochure;2 no_answer;2 step @soon call when the night shift ends
ana|Studio Lindqvist|SE|Maja Lindqvist|founder|+46 8 465 004 31|7k|5 add;4 no_answer
ana|Verger & Fils|FR|Luc Verger|buyer|+33 1 99 00 27 60|22k|2 add;1 wrong_number
ana|Tamar Valley Wines|AU|Grace Holloway|export manager|+61 2 5550 4471|18k|6 add;5 sent intro;3 no_answer;1 step @0 call about the harvest
ana|Kestrel Aerospace|GB|Priya Raman|tooling lead|+44 161 496 0301|120k|0 inbound web form: needs 400 fixtures by spring
ana|Brasserie du Canal|FR|Chloé Marchand||+33 3 53 01 55 18|4k|11 add;10 no_answer;9 park @8 h back after the season
ana|Old Mill Bakery|GB|Tom Archer|owner|+44 118 496 0220|6k|60 triage
ana|Rheintal Optik|DE|Sabine Kuhn|procurement|+49 69 90009 512|54k|95 triage
ben|Fjordline Ferries|SE|Erik Sandberg|fleet manager|+46 8 465 004 77|75k|12 add;11 no_answer;10 sent fleet study
ben|Cobalt Mining Services|AU|Jack Rowe|site director|+61 8 5550 2210|$210k|7 add;6 voicemail;5 step =@-1 9:30 call back, he has ten minutes
ben|Larkspur Hotels|US|Monica Reyes|group buyer|+1 415 555 0119|38k|3 add;2 sent intro
carla|Papeterie Grandjean|FR|Hélène Grandjean|director|+33 4 65 71 30 02|16k|4 add;3 no_answer;1 sent catalogue
carla|Thornbury School Trust|GB|Helen Oduya|bursar|+44 117 496 0377|25k|2 add;1 voicemail
ana|Isarwerk Maschinenbau|DE|Florian Huber|COO|+49 89 99998 140|88k|5 add;4 talked wants a visit;3 assign -
ana|Maple Ridge Clinics|CA|Sophie Tremblay|facilities|+1 604 555 0171|41k|3 add;2 voicemail;2 assign -
ana|Möwe Reederei|DE|Jens Petersen|managing director|+49 40 66969 301|64k|20 add;19 talked sees the point;14 step =@-2 15:00 call with the board's answer;14 priority high
ana|Copperfield Print|GB|Ruth Copperfield|owner|+44 113 496 0550|12k|18 add;17 no_answer;16 talked wants samples;12 sent samples
ana|Sundermann Pharma|DE|Dr. Anke Sundermann|lab head|+49 221 4710 818|95k|11 add;10 talked;7 talked;6 move qualified;3 wrote asks for the validation papers
ana|Prairie Rail Supply|US|Walt Jennings|logistics|+1 312 555 0188|57k|11 add;10 talked busy until the audit;3 talked audit passed;3 step @0 call about the pilot route
ana|Les Jardins d'Aubrac|FR|Mathieu Roux|president|+33 5 36 49 18 40|19k|12 add;11 talked;4 met liked the small model;4 step @2 email two references
ana|Skärgård Boats|SE|Linnea Berg|production|+46 8 465 004 58|33k|9 add;8 replied;2 talked;2 step =@1 10:00 call with her engineer
ana|Calder Textiles|GB|Imran Shah|mill manager|+44 1632 960 118|27k|14 add;12 talked;3 talked waits for the new loom
ana|Ostsee Klinikum|DE|Birgit Lorenz|IT purchasing|+49 30 23125 640|140k|22 add;20 talked;16 move qualified;5 talked tender is drafted;4 park @12 b
ana|Golden Gate Rowing|US|Kim Tran|treasurer|+1 415 555 0162|3k|48 add;47 no_answer;44 talked not this year;40 move nurture
ana|Quayside Seafood|GB|Fergus Muir|operations|+44 131 496 0808|21k|10 add;9 talked;4 talked;1 wrote can you do Friday deliveries?
ben|Bergland Sägewerke|DE|Alois Brandner|owner|+49 89 99998 377|72k|19 add;18 talked;11 move qualified;11 talked wants a second offer
ben|Windermere Outdoor|GB|Lucy Pell|buying director|+44 1632 960 745|36k|10 add;9 talked;2 talked;2 step @1 email the sizes
ben|Côte Ouest Voiles|FR|Yann Le Goff|sailmaker|+33 2 61 91 44 09|14k|13 add;8 talked;5 step =@-1 11:00 call about the cloth
carla|Aurora Dental Group|CA|Ines Moreau|CFO|+1 514 555 0126|49k|8 add;7 talked;1 talked;1 step @4 call after their board
carla|Mirabelle Cosmetics|FR|Sarah Benhamou|supply chain|+33 1 99 00 61 12|58k|16 add;15 talked;12 talked;5 talked;2 wrote asks who delivers to Lyon
ana|Nordwind Logistik|DE|Katrin Vogel|head of purchasing|+49 30 23125 017|140k|30 name Nordwind depot south;28 talked;22 meeting_booked;18 met;17 move proposal;9 talked budget is approved;9 close @9
ana|Castlegate Insurance|GB|Edward Hale|claims director|+44 20 7946 0655|230k|40 add;38 talked;30 meeting_booked;26 met;25 move proposal;20 close @-3;12 move negotiation;2 talked legal has the draft
ana|Solstice Energy|US|Renée Park|programme lead|+1 646 555 0190|$410k|26 add;24 talked;15 meeting_booked;11 met;10 move proposal;3 close @14;2 asked for the decision;2 step =@later call for a yes or a no;2 priority urgent
ana|Weberei Hollmann|DE|Greta Hollmann|owner|+49 69 90009 733|46k|17 add;16 talked;6 meeting_booked;4 met;4 close @6;3 step =@1 14:00 meeting at the mill
ana|Atelier Noé|FR|Camille Noé|partner|+33 1 99 00 80 25|28k|21 add;19 talked;8 meeting_booked;6 no_show;5 no_answer
ana|Bright Harbour Homes|AU|Liam O'Dea|development|+61 2 5550 9034|175k|90 add;85 talked;70 meeting_booked;60 met;50 move proposal;48 close @-20;30 talked;25 close @5 their bank is slow;3 talked bank has agreed
ana|Lunds Trädgård|SE|Oskar Lund|manager|+46 8 465 004 12||14 add;12 talked;3 meeting_booked
ben|Rookwood Brewing|GB|Martha Crane|head brewer|+44 20 7946 0871|67k|24 add;22 talked;14 meeting_booked;12 met;11 move proposal;11 close @3
ben|Summit Trail Gear|US|Aaron Blake|sourcing|+1 303 555 0155|$93k|20 add;18 talked;9 meeting_booked;5 met;4 move proposal;1 talked;1 close @7
carla|Hafencity Studios|DE|Jonas Ahrens|producer|+49 40 66969 877|82k|28 add;26 talked;12 meeting_booked;8 met;7 move negotiation;6 close @2;1 asked;1 step =@1 11:30 call, he decides
carla|Clonmel Packaging|IE|Declan Byrne|CEO|+353 20 910 0067|118k|33 add;31 talked;20 move verbal;2 talked contract is being signed;2 close @1
ana|Pemberton Glass|GB|Agnes Pember|director|+44 20 7946 0433|52k|45 add;44 talked;35 met;34 move proposal;20 close @-6;8 talked;6 win
ana|Zephyr Cycles|FR|Hugo Lambert|buyer|+33 6 39 98 12 70|17k|30 add;29 talked;20 met;19 move proposal;7 lose c a local maker
ana|Ridgeway Farms|US|Carl Boone|owner|+1 605 555 0133|11k|26 add;25 talked;9 later @25 new budget year
ben|Stellan Möbel|SE|Stina Holm|assistant|+46 8 465 004 90|8k|15 add;14 do_not_contact
carla|Tidewater Labs|US|Joy Okafor|COO|+1 757 555 0108|134k|50 add;48 talked;40 met;38 move negotiation;30 close @-8;9 win
"""  # noqa: E501


def desk(clock: Callable[[], datetime], policy: Policy) -> Desk:
    """Ana's desk, loaded, over a store that saves nothing and in which nobody has anything to undo."""
    told = build(clock, policy)
    store = open_store("memory:", ME, clock=clock)

    def copy(tx: Tx) -> None:
        tx.label = "the demo"
        for table in TABLES:
            for id, doc in told.find(table):
                tx.insert(table, doc, id)

    store.transact(copy, "demo")
    made = Desk(store, _teamed(policy), ME, clock)
    made.load()
    return made


def _teamed(policy: Policy) -> Policy:
    return replace(policy, team=Team(tuple(map(Member, TEAM))))


def build(clock: Callable[[], datetime], policy: Policy) -> Store:
    """A store in which all stories have been carried out."""
    past = _Past(clock(), policy.calendar)
    store = open_store("memory:", ME, clock=past)
    desks = {name: Desk(store, _teamed(policy), name, past) for name in TEAM}
    ids: dict[str, int] = {}
    for number, line in enumerate(_ITEMS.strip().splitlines()):
        owner, company, *cells, story = line.split("|")
        acts = list(_acts(story))
        past.go(acts[0][0], number)
        draft = _draft(owner, company, cells, policy, past())
        id = _begin(desks[owner], draft, *acts[0][1:])
        ids.setdefault(company, id)
        for step, (days, act, rest) in enumerate(acts[1:], 1):
            past.go(days, number, step)
            _carry_out(desks[owner], id, act, past.dated(rest))
    for company, days in reversed(_PLAN):
        past.go(days, len(TEAM))
        desks[ME].follow()
        desks[ME].to_top(ids[company])
    return store


@dataclass
class _Past:
    """A clock that is set to earlier times, and the days seen from the real present."""

    present: datetime
    calendar: Calendar
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, days: int, number: int, step: int = 0) -> None:
        """To that many working days ago, at an hour that differs from item to item."""
        if days == 0:
            self.now = self.present - timedelta(minutes=25 - step)
            return
        minutes = (number * 37) % (7 * 60) + 4 * step
        self.now = self.calendar.at(self._day(-days), time(9)) + timedelta(minutes=minutes)

    def dated(self, text: str) -> str:
        """The text with its @N, @soon and @later as dates and times that the date grammar reads."""
        return " ".join(map(self._word, text.split()))

    def _word(self, word: str) -> str:
        sign, at, name = word.partition("@")
        if not at or sign not in ("", "="):
            return word
        if name in ("soon", "later"):
            ahead = timedelta(minutes=50 if name == "soon" else 170)
            due = self.calendar.local(self.present + ahead)
            return f"{sign}{due:%Y-%m-%d %H}:{due.minute // 5 * 5:02}"
        return sign + self._day(int(name)).isoformat()

    def _day(self, days: int) -> date:
        """The working day that many after today, or before; 0: today."""
        day = self.calendar.day(self.present)
        if days > 0:
            return self.calendar.add_days(day, days)
        while days:
            day -= timedelta(days=1)
            days += self.calendar.is_working(day)
        return day


def _acts(story: str) -> Iterator[tuple[int, str, str]]:
    for part in story.split(";"):
        days, act, *rest = part.split(" ", 2)
        yield int(days), act, "".join(rest)


def _draft(owner: str, company: str, cells: list[str], policy: Policy, at: datetime) -> Opportunity:
    country, name, role, phone, worth = cells
    value, currency = read_money(worth) if worth else (None, "")
    email = f"{_plain(name.removeprefix('Dr. ').replace(' ', '.'))}@{_plain(company.split()[0])}.example"
    return Opportunity(
        company=company,
        country=country,
        contacts=(Contact(name, role, (email,), (phone,)),),
        owner=owner,
        value=value,
        currency=currency or policy.currency if worth else "",
        created=at,
        clock=at,
    )


def _plain(text: str) -> str:
    """As it stands in an address: small letters without marks."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in letters if char.isascii() and (char.isalnum() or char == "."))


def _begin(desk: Desk, draft: Opportunity, act: str, rest: str) -> int:
    """Add it: by hand, with a name of its own, from a web form, or as an old import."""
    draft = replace(
        draft, triage=act == "triage", inbound=act == "inbound", name=rest if act == "name" else ""
    )
    [id] = desk.add_opportunity(draft).ids
    if act == "inbound":
        desk.note(id, rest)
    return id


def _carry_out(desk: Desk, id: int, act: str, rest: str) -> None:
    if act == "wrote":
        desk.log(id, Outcome.REPLIED, answer=Answer.OWED, note=rest)
    elif act in list(Outcome):
        desk.log(id, Outcome(act), note=rest)
    elif act == "lose":
        reason, _, text = rest.partition(" ")
        desk.lose(id, reason, text)
    elif act == "win":
        desk.win(id)
    elif act == "priority":
        desk.set_priority(id, Priority(rest))
    else:
        acts = {
            "note": desk.note, "step": desk.set_step, "park": desk.park, "move": desk.move,
            "close": desk.expect_close, "later": desk.lose_for_now, "assign": desk.assign,
        }  # fmt: skip
        acts[act](id, rest)
