"""The workday's one dispatcher: every key, in the order typed, to the prompt, the panel or the commands.

Plain Python without widgets: nothing waits and nothing has the focus, so no key gets lost in a burst.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from huntertui.commands import Command, check
from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.errors import Usage
from huntertui.model.pipeline import LANES
from huntertui.records import dataclass
from huntertui.tui.choosing import Choosing
from huntertui.tui.clash import Clash
from huntertui.tui.daying import Daying
from huntertui.tui.drafts import Drafts
from huntertui.tui.form import Form
from huntertui.tui.fresh import Fresh
from huntertui.tui.importing import Importing
from huntertui.tui.moving import Moving
from huntertui.tui.overseeing import Overseeing
from huntertui.tui.panels import Choices, Panel
from huntertui.tui.prompts import Prompt
from huntertui.tui.reviewing import Reviewing
from huntertui.tui.scoring import Scoring
from huntertui.tui.triaging import Triaging
from huntertui.tui.tutorial import Coach

Does = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """What stood on the screen when a key was pressed: the last change shown there, and the panel."""

    seq: int
    panel: Panel | None


class Steering(Moving, Daying, Reviewing, Triaging, Scoring, Overseeing, Importing, Choosing):
    """The state of the workday, and what each key does to it.

    `leave`, `copy` and `redraw` are the terminal's part.
    `coach`: what the tutorial says.
    """

    def __init__(
        self,
        desk: Desk,
        keys: Keys,
        leave: Does,
        copy: Callable[[str], None],
        redraw: Does,
        drafts: Drafts | None = None,
    ) -> None:
        super().__init__(desk, keys, copy)
        self.drafts = drafts or self.drafts
        self._go = leave
        self._seq = -1
        self._changed = False
        self._stopped = ""  # why nothing can be changed
        self.fresh = Fresh()
        self.coach = Coach(keys)
        self.coach.skip()
        self._views = self._list_views(redraw)
        self.guarded(self.refocus)
        self.lanes.read()
        self._greet()
        self.begin_day()
        self.offer_drafts(keys)

    def _greet(self) -> None:
        """Say what is wrong with the settings or the store, as far as it stops nothing."""
        troubles = [f"[keys] {problem}" for problem in check(self._bindings)]
        if self.desk.problems:
            troubles.append(f"{len(self.desk.problems)} records cannot be read: {self.desk.problems[0]}")
        if troubles:
            more = f" (and {len(troubles) - 1} more)" if len(troubles) > 1 else ""
            self.say(troubles[0] + more, "neglected")

    def _list_views(self, redraw: Does) -> dict[str, Does]:
        """What the commands do that show something, or act on no single record."""
        lanes, me = self.lanes, self.desk.me
        return {
            "down": lambda: self.move(1),
            "up": lambda: self.move(-1),
            "first": lambda: self.move(-self.far),
            "last": lambda: self.move(self.far),
            "half-down": lambda: self.move(max(lanes.page // 2, 1)),
            "half-up": lambda: self.move(-max(lanes.page // 2, 1)),
            "page-down": lambda: self.move(lanes.page),
            "page-up": lambda: self.move(-lanes.page),
            "lane-left": lambda: self.to_lane((lanes.focused - 1) % len(LANES)),
            "lane-right": lambda: self.to_lane((lanes.focused + 1) % len(LANES)),
            "prospects": lambda: self.to_lane(0),
            "follow-ups": lambda: self.to_lane(1),
            "closing": lambda: self.to_lane(2),
            "open": self.open,
            "history": self.open_history,
            "back": self.back,
            "next-neglected": self.next_neglected,
            "correct-touch": self.correct_touch,
            "add-to-touch": self.ask_addition,
            "show-mine": lambda: self.filter("mine", lambda r: me in (r.owner, r.helper_at(lanes.now))),
            "show-unowned": lambda: self.filter("nobody's", lambda r: not r.owner),
            "show-all": self.show_all,
            "work-through": self.work_through,
            "find": self.ask_find,
            "find-next": lambda: self.find_on(1),
            "find-previous": lambda: self.find_on(-1),
            "go-to": lambda: self._ask("#", self.go_to),
            "neglected-only": lambda: self.filter("neglected", lambda r: r.late(lanes.now)),
            "show-today": self.show_today,
            "explain": self.explain,
            "today": self.show_day,
            "review": self.begin_review,
            "triage": self.triage,
            "import": self.ask_import,
            "scorecard": self.scorecard,
            "forecast": self.forecast,
            "focus": lambda: self._ask("focus on", self.focus_on, self.desk.preview_focus),
            "view": lambda: self._ask("view", self.view, lambda text: self.understood("view", text)),
            "views": self.list_views,
            **{f"view-{pick}": partial(self.view, str(pick)) for pick in range(1, 10)},
            "hand-over": lambda: self._ask("whose, to whom", self.hand_over, self.preview_team("hand-over")),
            "away": lambda: self._ask("who is away, until when", self.away, self.preview_team("away")),
            "day": lambda: self._ask("whose day", self.show_day_of),
            "coach-rep": lambda: self._ask("whom, and what", self.coach_rep, self.preview_team("coach-rep")),
            "add": self.ask_add,
            "edit": self.edit,
            "undo": self.undo,
            "redo": self.redo,
            "repeat": self.repeat,
            "select": self.select,
            "select-range": self.select_range,
            "select-all": self.select_all,
            "select-again": self.select_again,
            "show-left": self.show_left,
            "copy-phone": self.copy_phone,
            "copy-email": self.copy_email,
            "copy-name": self.copy_name,
            "copy-summary": self.copy_summary,
            "copy-number": self.copy_phone,
            "command": self.ask_command,
            "palette": self.open_palette,
            "tutorial": self.teach,
            "help": self.help,
            "read-again": self._read_again,
            "redraw": redraw,
            "leave": self._close_or_leave,
            "quit": self._quit,
        }

    def fit(self, page: int, lines: int, last_top: int | None) -> None:
        """Take in what the screen shows: rows of a lane, lines of a panel, and where the detail may begin."""
        self.lanes.resize(page)
        self.card_page = lines
        if self.panel is not None:
            self.panel.page = lines
        if last_top is not None:
            self.detail_top = min(self.detail_top, last_top)

    # Keys

    def take(self, key: str, seen: Seen | None = None) -> None:
        """Take a key: the character it types, or its name. Without `seen` all was seen as it stands."""
        self.seen = self.desk.seq if seen is None else seen.seq
        if key == "ctrl+q":
            self._quit()
        elif self.prompt is not None:
            prompt = self.prompt
            self.guarded(lambda: prompt.key(key))
            if prompt.done and self.prompt is prompt:
                self.prompt = None
                self._refresh_panel()
        elif self.panel is not None and self.panel.asks and seen is not None and seen.panel is not self.panel:
            pass  # a key typed ahead is no answer
        elif isinstance(self.panel, Choices) and key not in self.panel.KEPT:
            self.panel = None
            self._command_key(key)
        elif isinstance(self.panel, Clash):
            self._answer(self.panel, key)
        elif self.panel is not None:
            panel = self.panel
            self.guarded(lambda: panel.key(key))
            if panel.done and self.panel is panel:
                self.panel = None
        elif self.review_key(key):
            pass
        elif key == "?" and self.keys.pending:
            self.panel = Choices("And then", self.keys.choices())
        else:
            self._command_key(key)
        self.notice_day()

    def _answer(self, clash: Clash, key: str) -> None:
        under = clash.under
        self.guarded(lambda: clash.key(key))
        if clash.done and self.panel is clash:
            self.panel = under if under is None or not under.done else None
            self._refresh_panel()

    def _command_key(self, key: str) -> None:
        self.say("")
        found = self.keys.feed(key)
        if isinstance(found, Command):
            self.guarded(lambda: self._run_taught(found))
        elif found is not None:
            self.say(found, "dim")

    def _run_taught(self, command: Command) -> None:
        if self.coach.line and command.name == "back" and not self.working:
            self.coach.skip()
            self.say(":tutorial brings it back", "dim")
            return
        self.run(command)
        self.coach.did(command.name)

    def paste(self, text: str) -> None:
        """Take pasted text as one piece; without a prompt it does nothing."""
        into = self.prompt or self.panel
        if into is not None:
            self.guarded(lambda: into.paste(text))
        else:
            self.keys.cancel()
            self.say("pasted text needs a prompt: a adds, / finds, c o notes", "dim")

    def run(self, command: Command) -> None:
        """Run a command, asking first for what it needs."""
        if self.working and self.steer(command):
            return
        self.check_reviewed(command)
        if command.digit and command.answer:
            self.copy_number(command.answer)
        elif command.answer:
            self.perform(command, command.answer)
        elif command.name in self._views:
            self._views[command.name]()
        elif command.ask is not None:
            self.ask(command, command.ask)
        else:
            self.perform(command)

    def teach(self) -> None:
        """Begin the tutorial."""
        if not self.demo:
            raise Usage("the tutorial is part of huntertui demo: there nothing is saved")
        self.coach = Coach(self._bindings)

    def hang_up(self) -> None:
        """Before the program ends: what was said already is kept; what was still being typed is a draft."""
        self.drop_import()
        self.keep_drafts(now=True)
        if self.prompt is not None and self.prompt.leave is not None:
            self.guarded(self.prompt.leave)
        self.prompt = None
        if self.working:
            self.guarded(self.keep_place)

    def _ask(
        self, label: str, accept: Callable[[str], None], preview: Callable[[str], str] | None = None
    ) -> None:
        self.prompt = Prompt(label, accept, preview=preview)

    # Time and colleagues

    def follow(self) -> bool:
        """Take in what colleagues, or my other screens, have changed. True when something has."""
        before = self.said
        news = self.look_after()
        if self.bringing is not None and self.bringing.writing:
            return news  # the store is at work for it, and would let us wait
        self.keep_drafts()
        self.guarded(self._follow)
        stopped, self._stopped = self._stopped, self.desk.read_only
        if stopped and not self._stopped:
            self.lanes.read()  # what could not be read meanwhile is
            self.say("the store is there again", "dim")
        return news or self._changed or self.said != before or self._stopped != stopped

    def _follow(self) -> None:
        followed = self.desk.follow()
        now = self.desk.now()
        faded = self.fresh.pass_(now)
        self.fresh.take(followed.by, now, self.desk.policy.calendar)
        if self.desk.policy is not self._bound:
            self.bind()
        seq = self.desk.seq
        self._changed = bool(followed.ids) or seq != self._seq
        self._seq = seq
        if self._changed:
            before, selected = self.lanes.cursors[self.lanes.focused], len(self.lanes.selection)
            self.refocus()
            self.lanes.read()
            unselected = selected and not self.lanes.selection
            if unselected or self.lanes.cursors[self.lanes.focused].id != before.id:
                self.slipped = seq
            self._refresh_panel()
        self._changed |= faded
        if followed.messages and not self.said:
            self.say(followed.messages[-1], "dim")
        if self.working:
            self.look_around()

    def pass_time(self) -> None:
        """Read the lanes again, as what was not late may be late now."""
        self.guarded(self.refocus)
        self.guarded(self.lanes.read)

    def _refresh_panel(self) -> None:
        if isinstance(form := self.panel, Form):
            self.guarded(lambda: self.refresh_form(form))
        elif self.panel is not None:
            self.guarded(self.panel.refresh)

    def _read_again(self) -> None:
        self.desk.load()
        self.lanes.read()
        self.say("read again")
        self._greet()

    def _close_or_leave(self) -> None:
        if self.reading:
            self.back()
        else:
            self._leave()

    def _leave(self) -> None:
        self.drop_import()
        self.keep_drafts(now=True)
        self._go()

    def _quit(self) -> None:
        if self.working:
            self.guarded(self.keep_place)
        self._leave()
