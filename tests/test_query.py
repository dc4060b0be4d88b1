"""The find language: words in the names, and terms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huntertui.model.opportunity import Channel, Contact, Kind, NextStep, Opportunity
from huntertui.model.pipeline import Policy
from huntertui.model.query import matcher
from huntertui.model.ranking import row_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROW = row_of(
    Opportunity(
        id=1,
        name="1,200 Widgets",
        company="Acme GmbH",
        contacts=(Contact("Jane Doe"),),
        owner="ana",
        stage="attempting",
        next=NextStep("", Kind.CADENCE, Channel.CALL),
        cadence="hunter6",
        cadence_done=2,
        created=NOW,
        clock=NOW,
    ),
    Policy(),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("acme", True),
        ("WIDG jane", True),
        ("acme bob", False),
        ("owner:me", True),
        ("owner:ana next:call", True),
        ("owner:ben", False),
        ("stage:attempting acme", True),
        ("next:3/6", True),
        ("next:email", False),
        (".* [", False),
        ("10:30", False),
    ],
)
def test_matches(text: str, found: bool) -> None:
    assert matcher(text, "ana")(ROW) is found


def test_an_unknown_field_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean stage:"):
        matcher("stag:new", "ana")
