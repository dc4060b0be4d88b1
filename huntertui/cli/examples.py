"""One way to call each verb, for its help and the manual page. Each is run by a test."""

from __future__ import annotations

from collections.abc import Mapping

from huntertui.commands.words import FAMILIES, SHORT

EXAMPLES: Mapping[str, str] = {
    "demo": "",
    "import": "leads.csv --dry-run",
    "export": "-o deals.csv --where 'stage:proposal value>10k'",
    "list": "--lane closing --neglected",
    "find": "owner:me 'late>3d' acme",
    "views": "save hot 'value>10k is:neglected'",
    "show": "12",
    "history": "12 --limit 5",
    "watch": "--json --since 4711",
    "explain": "12",
    "brief": "--all",
    "stats": "--filter country:de",
    "store": "status",
    "store status": "--json",
    "store verify": "",
    "store checkpoint": "--dry-run",
    "store backup": "- | gzip > store.json.gz",
    "store restore": "--at 'yesterday 9:00' --dry-run",
    "store copy": "old.json postgresql://db.example/team",
    "store repair": "--dry-run",
    "team": "report --filter owner:me",
    "doctor": "--plain",
    "keys": "",
    "themes": "check dark",
    "config": "set theme light",
    "completion": "bash > huntertui.bash",
    "man": "| man -l -",
    "paths": "--json",
    "log": "12 talked tue send the offer --note 'likes tea'",
    "lost": "12 no budget",
    "priority": "12 high",
    "move": "12 closing",
    "step-done": "12",
    "note": "12 asked for the price list",
    "log-both": "12",
    "snooze": "12 tue 10:00",
    "next-step": "12 tue call about the offer",
    "park": "12 15dec h",
    "raise": "12,14",
    "lower": "--each 'value<1k'",
    "tag": "12 hot -cold",
    "to-top": "12",
    "plan-down": "12",
    "plan-up": "12",
    "unplan": "12",
    "forward": "12",
    "backward": "12",
    "stage": "12 proposal",
    "expect-close": "12 15jan budget slipped",
    "value": "12 12k",
    "close-won": "12",
    "disqualify": "12",
    "duplicate": "12",
    "merge": "14 12",
    "lose-for-now": "12 1jun",
    "reopen": "12",
    "claim": "12",
    "assign": "12 ben",
    "hand-over": "ben carla she knows the region",
    "away": "ben until mon ill",
    "message": "12 they called for you",
    "coach": "12 ask for the decision",
    "coach-rep": "ben ask for the decision earlier",
    "answer": "12",
    "add": "Ann Lee @Acme tue 12k #expo",
    "edit": "12 phone +44 20 7946 0958",
    "undo": "--dry-run",
    "redo": "",
}
"""What stands behind the name of a verb, or of its part."""


def example(verb: str) -> str:
    """A line that calls it, by the name given; of one of a family its family; "" for what is no verb."""
    name = SHORT.get(verb, verb)
    if name not in EXAMPLES:
        verb = name = next((family for family, begin in FAMILIES.items() if name.startswith(begin)), "")
    return f"huntertui {verb} {EXAMPLES[name]}".rstrip() if name else ""
