"""The one table of commands: the keys, footer, help, `:` line, `huntertui keys` and README all read it.

A command's keys are sequences of key names joined by spaces: "c n", "x l p", "ctrl+r", "+". A key name is the
character that the key types, or the name of a key that types none (enter, escape, space, up, ctrl+d, f1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from huntertui.commands.keymap import Keys, Sequence, resolve, split
from huntertui.model.opportunity import LOST_REASONS, PRIORITIES, Priority
from huntertui.records import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """What a command wants to know before it runs.

    `preview` and `suggest`: what the desk is asked for to say what was understood and what an empty answer
    means. `optional`: Esc runs the command without an answer. `stages`: one of the pipeline's stages, by
    digit.
    """

    label: str
    preview: str = ""
    suggest: str = ""
    optional: bool = False
    stages: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a key does. `label`: short, for menus; `changes`: records, so that undo covers it.

    `answer`: what the key itself answers to `ask`. `digit`: the last key is the answer.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    ask: Ask | None = None
    changes: bool = False
    answer: str = ""
    digit: bool = False


MENUS: Mapping[Sequence, str] = {
    ("c",): "log",
    ("c", "r"): "replied",
    ("x",): "close",
    ("x", "l"): "lost",
    ("d",): "close",
    ("d", "l"): "lost",
    ("p",): "priority",
    ("m",): "move to",
    ("t",): "stage",
    ("g",): "go to",
    ("y",): "copy",
    ("ctrl+c",): "quit",
}
"""What the keys that only begin a sequence are for."""

_ALWAYS = "ctrl+q"
"""The way out that no setting takes away."""


def _do(name: str, keys: str, label: str, says: str, ask: Ask | None = None) -> Command:
    return Command(name, _written(keys), label, says, "", ask, changes=True)


def _show(name: str, keys: str, label: str, says: str, ask: Ask | None = None) -> Command:
    return Command(name, _written(keys), label, says, "", ask)


def _written(keys: str) -> tuple[str, ...]:
    return tuple(keys.split(", ")) if keys else ()


def _lost(key: str, reason: str) -> Command:
    ask = Ask("lost because") if reason == "other" else None
    name = f"lose-{reason.replace(' ', '-')}"
    return _do(name, f"x l {key}, d l {key}", reason, f"close as lost: {reason}", ask)


def _priority(priority: Priority) -> Command:
    # 0 is "no priority", which is normal, as in other trackers.
    keys = f"p {priority.rank + 1}" + (", p 0" if priority is Priority.NORMAL else "")
    return _do(f"priority-{priority.value}", keys, priority.value, f"set the priority to {priority.value}")


_STEP = Ask("next step", "callback", "step", optional=True)

_TABLE: Mapping[str, tuple[Command, ...]] = {
    "Move": (
        _show("down", "j, down", "down", "next row"),
        _show("up", "k, up", "up", "previous row"),
        _show("first", "g g, home", "first", "first row"),
        _show("last", "G, end", "last", "last row"),
        _show("half-down", "ctrl+d", "half a page down", "half a page down"),
        _show("half-up", "ctrl+u", "half a page up", "half a page up"),
        _show("page-down", "pagedown", "page down", "a page down"),
        _show("page-up", "pageup", "page up", "a page up"),
        _show("lane-left", "h, left, shift+tab", "lane left", "the lane to the left"),
        _show("lane-right", "l, right, tab", "lane right", "the lane to the right"),
        _show("prospects", "1, g p", "prospects", "to Prospects"),
        _show("follow-ups", "2, g f", "follow-ups", "to Follow-ups"),
        _show("closing", "3, g d", "closing", "to Closing"),
        _show("open", "enter, 0", "open", "read the record: j and k scroll, Esc goes back"),
        _show("history", "g h", "history", "read the record's history"),
        _show("back", "escape", "back", "back; clears the filter; never quits"),
        _show("next-neglected", "g r", "next neglected", "to the next neglected row of any lane"),
    ),
    "Select": (
        _show("select", "space", "select", "select the row, or not, and go down; keys act on all"),
        _show("select-range", "v", "range", "a range that follows the cursor; v ends it, Esc drops it"),
        _show("select-all", "V", "all", "select all that a filter shows in all lanes; without one, the lane"),
        _show("select-again", "g v", "select again", "select what was selected last"),
        _show("show-left", "g l", "left as they are", "what the last change of many left as it was, and why"),
    ),
    "Log a touch": (
        _do("log-no-answer", "c n", "no answer", "nobody answered; the next touch is planned by itself"),
        _do("log-voicemail", "c v", "voicemail", "left a voicemail"),
        _do("log-talked", "c t", "talked", "talked to them; asks for the next step", _STEP),
        _do("log-email", "c e", "e-mail", "sent an e-mail"),
        _do("log-message", "c s", "message", "sent a message"),
        _do("log-meeting-booked", "c m", "meeting", "booked a meeting; asks when",
            Ask("meeting", "meeting", "meeting")),
        _do("log-callback", "c b", "call back", "they want to be called back; asks when",
            Ask("call back", "callback", "callback")),
        _do("log-replied", "c r o, c r enter", "we owe an answer", "they wrote and wait for our answer"),
        _do("log-replied-nothing", "c r n", "nothing needed", "they wrote; nothing is owed"),
        _do("log-replied-date", "c r d", "date agreed", "they wrote, and a date is agreed",
            Ask("agreed for", "callback")),
        _do("log-met", "c k", "met", "met them; asks for the next step", _STEP),
        _do("log-asked", "c a", "asked", "asked for the decision; asks for the next step", _STEP),
        _do("log-no-show", "c h", "no-show", "they did not come to the meeting"),
        _do("log-not-interested", "c i", "not interested", "they do not want it: closes it as lost"),
        _do("log-wrong-number", "c w", "wrong number", "the number is wrong: strikes it, and is no touch"),
        _do("log-do-not-contact", "c x", "no contact", "they want no contact: blocks the person everywhere"),
        _do("step-done", "c d", "step done", "the planned step is done and was no touch"),
        _do("note", "c o", "note", "keep a note; it is no touch", Ask("note")),
        _do("correct-touch", "c c", "correct", "take back the touch just logged, and log it anew"),
        _do("add-to-touch", "c .", "add to it", "add to the touch just logged: 2 email left word",
            Ask("who, how, note")),
        _do("log-both", "c +", "others too", "the same touch on the company's other items of mine"),
    ),
    "Plan": (
        _do("snooze", "s", "snooze", "plan it: tue, +3, =fri 10:00 (agreed), 15dec on holiday (parks)",
            Ask("until", "snooze", "snooze")),
        _do("next-step", ",", "next step", "set the next step: tue call about the offer",
            Ask("next step", "step", "step")),
        _do("park", "b", "park", "leave it alone until a day, for a reason: 15dec h",
            Ask("park until, and why", "park")),
        _do("raise", "+, =", "raise", "raise the priority"),
        _do("lower", "-", "lower", "lower the priority"),
        *map(_priority, PRIORITIES),
        _do("tag", "@", "tags", "put tags on, and with - take them off: hot -cold", Ask("tags")),
        _do("to-top", "T", "to the top", "to the top of today's plan"),
        _do("plan-down", "J", "plan down", "down in today's plan; a row outside joins its end"),
        _do("plan-up", "K", "plan up", "up in today's plan; a row outside joins its end"),
        _do("unplan", "X", "out of the plan", "out of today's plan"),
        _show("today", "g y", "my day", "what happened since my last day, and how far this one is"),
        _show("review", "g e", "end the day", "what is left of today: one key each, and one for the rest"),
        _show("triage", "g i", "triage", "what an import brought past its limit, many at a time"),
        _show("scorecard", "R", "scorecard", "the week's figures, mine first; Enter opens what one counts"),
        _show("forecast", "", "forecast", "what is to come in, and what the past says of it"),
    ),
    "Stage and close": (
        _do("forward", ">", "next stage", "one stage forward"),
        _do("backward", "<", "stage back", "one stage back"),
        _do("stage", "t", "stage", "to a stage, by its digit", Ask("stage", stages=True)),
        _do("to-prospects", "m p", "prospects", "move to Prospects"),
        _do("to-follow-ups", "f, m f", "follow-ups", "move to Follow-ups"),
        _do("to-closing", "m d", "closing", "move to Closing"),
        _do("expect-close", "w", "when it closes", "expected close: dec15, or 15jan budget slipped",
            Ask("closes", "close")),
        _do("value", "", "value", "what the deal is worth: 12k", Ask("value", "value")),
        _do("close-won", "x w, d w", "won", "close as won"),
        *(_lost(key, reason) for key, reason in LOST_REASONS.items()),
        _do("disqualify", "x q, d q", "disqualified", "close as disqualified"),
        _do("duplicate", "x d, d d", "duplicate", "close as a duplicate"),
        _do("merge", "x m, d m", "merge", "merge it into another record", Ask("merge into", suggest="merge")),
        _do("lose-for-now", "x v, d v", "lost for now", "lost, and asks for the day when it comes back",
            Ask("back on", "revisit")),
        _do("reopen", "x o, d o", "reopen", "reopen what is closed"),
    ),
    "Owners": (
        _do("claim", "i", "claim", "take what is nobody's, or help with a colleague's red"),
        _do("assign", "o", "owner", "give it to a member, or - to nobody", Ask("owner", "owner")),
        _do("hand-over", "", "hand over", "all that somebody has: ben carla she knows the region",
            Ask("whose, to whom", "hand-over")),
        _do("away", "", "away", "who is away, and until when: ben until mon ill; ben back ends it",
            Ask("who is away, until when", "away")),
        _do("message", "L", "message", "tell the owner something; it is kept with the item", Ask("message")),
        _do("coach", "", "coach", "a lead's note on the item for its owner, who meets it there",
            Ask("coaching")),
        _show("day", "", "day", "a rep's day as he has it, for a lead to read: ben", Ask("whose day")),
        _do("coach-rep", "", "coach a rep", "a lead's note for a person: ben ask for the decision earlier",
            Ask("whom, and what", "coach-rep")),
        _do("answer", "Y", "understood", "answer what you were told about it: understood"),
        _show("show-mine", "g m", "mine", "only what is mine; again shows the rest"),
        _show("show-unowned", "g u", "nobody's", "only what is nobody's; again shows the rest"),
        _show("show-all", "g a", "all", "everybody's items; again mine and what I could take"),
    ),
    "Find": (
        _show("find", "/", "find", "find in all lanes, closed ones too", Ask("find")),
        _show("find-next", "n", "next match", "to the next match"),
        _show("find-previous", "N", "previous match", "to the previous match"),
        _show("go-to", "#", "go to", "to a record by its number", Ask("#")),
        _show("neglected-only", "!", "neglected", "only what is neglected; again shows the rest"),
        _show("show-today", "g t", "today", "only what is owed today; again shows the rest"),
        _show("work-through", "W", "work through", "one by one through what is shown: n skips, N goes back"),
        _show("explain", "E", "why", "why it is red, or when it will be"),
        _show("focus", "", "focus",
            "put what matches first: country:de until fri; a lead adds for all; without words it ends",
            Ask("focus on")),
        _show("view", "", "view", "show a saved view; view save NAME keeps what is found", Ask("view")),
        _show("views", "", "views", "the saved views: open, rename, share, delete"),
        *(_show(f"view-{pick}", f"g {pick}", "view", f"show saved view {pick}") for pick in range(1, 10)),
    ),
    "Program": (
        _do("add", "a", "add", "add a prospect: Ann Lee @acme tue 12k #expo", Ask("add", "add")),
        _show("import", "", "import", "take in files of leads and deals, step by step: ~/leads.csv",
            Ask("files")),
        _show("edit", "e", "edit", "edit all fields in a form"),
        _do("undo", "u, z", "undo", "take back my last change"),
        _do("redo", "ctrl+r, U", "redo", "do again what was undone"),
        _do("repeat", ".", "repeat", "repeat my last change on this row"),
        _show("copy-phone", "y p", "phone", "copy the number"),
        _show("copy-email", "y e", "e-mail", "copy the e-mail address"),
        _show("copy-name", "y n", "name", "copy the name"),
        replace(
            _show("copy-number", ", ".join(f"y {at}" for at in range(1, 10)), "number",
                "copy the number of that digit"),
            digit=True,
        ),
        _show("copy-summary", "y s", "summary", "copy who, how to reach him, the next step and the value"),
        _show("command", ":", "command", "run a command by its name: snooze tue"),
        _show("palette", "ctrl+p", "palette", "any command or record by a part of its name; > commands only"),
        _show("tutorial", "", "tutorial", "five steps to know; in the demo only"),
        _show("help", "?, f1", "help", "all keys; type to filter"),
        _show("read-again", "r", "read again", "read the store again"),
        _show("redraw", "ctrl+l", "redraw", "draw the screen again"),
        _show("leave", "q", "quit", "close what is open, else quit"),
        _show("quit", f"{_ALWAYS}, ctrl+c ctrl+c", "quit", "quit"),
    ),
}  # fmt: skip

GROUPS = tuple(_TABLE)

COMMANDS = tuple(replace(command, group=group) for group, rows in _TABLE.items() for command in rows)

BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}

_CHANGING = frozenset(command.name for command in COMMANDS if command.changes)

Trie = dict[str, "Command | Trie"]


def by_sequence(keys: Keys | None = None, stages: Iterable[str] = ()) -> Trie:
    """Return what each key does: a command, or the keys that may follow. What `check` refuses is left out.

    `stages`: the names of the pipeline's stages, of which a digit picks one.
    """
    bound, _ = _resolve(keys or {})
    trie: Trie = {}
    picks: Trie = {
        key: replace(BY_NAME["stage"], label=one, ask=None, answer=one)
        for key, one in zip("123456789abcdefghijk", stages, strict=False)
    }
    for name, sequences in bound.items():
        for sequence in sequences:
            node = trie
            for key in sequence[:-1]:
                inner = node.setdefault(key, {})
                assert isinstance(inner, dict), "no sequence begins another: _resolve sees to it"
                node = inner
            command = BY_NAME[name]
            if command.digit:
                command = replace(command, answer=sequence[-1])
            node[sequence[-1]] = picks if picks and command.ask and command.ask.stages else command
    return trie


def check(keys: Keys) -> list[str]:
    """Return what is wrong with a user's keys, in words; each wrong entry is left at its default."""
    return _resolve(keys)[1]


def keys_of(name: str, keys: Keys | None = None) -> list[str]:
    """Return a command's keys in force."""
    return [" ".join(sequence) for sequence in _resolve(keys or {})[0][name]]


def _resolve(keys: Keys) -> tuple[dict[str, tuple[Sequence, ...]], list[str]]:
    return resolve({c.name: tuple(map(split, c.keys)) for c in COMMANDS}, keys, _CHANGING, "quit", _ALWAYS)


def menu(prefix: Sequence, node: Trie) -> str:
    """What may follow a key that began a sequence: "log: n no answer · v voicemail · ..."."""
    choices: dict[str, str] = {}
    for key, then in node.items():
        if isinstance(then, Command):
            choices.setdefault(then.label, key)
        else:
            choices.setdefault(MENUS.get((*prefix, key), "more") + "…", key)
    shown = " · ".join(f"{key} {label}" for label, key in choices.items())
    return f"{MENUS.get(prefix, ' '.join(prefix))}: {shown}"


def markdown_table(keys: Keys | None = None) -> str:
    """Return the table of all keys for the README."""
    lines = []
    for group in GROUPS:
        lines += [f"| {group} | keys | |", "|---|---|---|"]
        for command, shown in listed(group, keys or {}):
            cells = " ".join(f"`{_escaped(one)}`" for one in shown)
            lines.append(f"| `{command.name}` | {cells} | {_escaped(command.help)} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def text_table(keys: Keys | None = None) -> str:
    """Return the table of all keys for a terminal."""
    lines = []
    for group in GROUPS:
        lines.append(group)
        for command, shown in listed(group, keys or {}):
            lines.append(f"  {', '.join(shown):<22} {command.name:<20} {command.help}")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def listed(group: str, keys: Keys) -> Iterator[tuple[Command, list[str]]]:
    """The commands of a group, each with its keys in force."""
    bound, _ = _resolve(keys)
    for command in COMMANDS:
        if command.group == group:
            yield command, [" ".join(sequence) for sequence in bound[command.name]]


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
