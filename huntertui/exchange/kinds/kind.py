"""What a kind of file is, and how the ids in the files of one program name each other."""

from __future__ import annotations

from enum import StrEnum

from huntertui.exchange.words import Words, keys
from huntertui.records import dataclass

VAGUE = "crm:"
"""What the sources of ids begin with that any program may have given."""
Links = tuple[tuple[str, str], ...]


class Role(StrEnum):
    """What one row of a file stands for. Every row but an activity's can become an opportunity."""

    DEAL = "deal"
    PERSON = "person"
    COMPANY = "company"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. It is one when all headers of any of `signs` are there.

    `source`: the name of its ids among our external ids; "" when they may mean anything. `links`: (field,
    source of the ids in it): they name other records, (source, id) is the key of the row that has them.
    `prefix`: what may stand before each header, as in "Deal - Title". `what`: an activity's type, where no
    column says it.
    """

    name: str
    source: str
    signs: tuple[str, ...]
    fields: Words
    role: Role = Role.DEAL
    links: Links = ()
    prefix: str = ""
    what: str = ""

    @property
    def vague(self) -> bool:
        """Whether its ids may be those of several programs."""
        return self.source.startswith(VAGUE)

    def fits(self, headers: frozenset[str]) -> bool:
        """Whether a file with these headers (their keys) is of this kind."""
        return any(headers.issuperset(keys(sign)) for sign in self.signs)


def _links(deal: str, person: str, company: str) -> Links:
    """The fields that carry ids of other records, by the sources of those."""
    return ("deal id", deal), ("person id", person), ("company id", company)


HUBSPOT = _links("hubspot:deal", "hubspot:contact", "hubspot:company")
HUBSPOT_IDS: Words = {
    "deal id": "associated deal ids, associated deals ids",
    "person id": "associated contact ids, associated contacts ids",
    "company id": (
        "associated company ids, associated companies ids, associated company id, "
        "primary associated company id"
    ),
}
PIPEDRIVE = _links("pipedrive:deal", "pipedrive:person", "pipedrive:organization")
# The ids of these tell themselves of what kind they are.
SALESFORCE = _links("salesforce", "salesforce", "salesforce")
ZOHO = _links("zoho", "zoho", "zoho")
CLOSE = _links("close", "close", "close")
CRM = _links("crm:deal", "crm:contact", "crm:company")
CRM_IDS: Words = {
    "deal id": "deal id, opportunity id",
    "person id": "contact id, contact ids, person id",
    "company id": "company id, organization id, account id",
}
