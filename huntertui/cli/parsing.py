"""Reading the arguments: a mistake is an exception that names the nearest right word; help has an example."""

from __future__ import annotations

import os
import re
from argparse import Action, ArgumentError, ArgumentParser, HelpFormatter, Namespace
from collections.abc import Sequence
from typing import Any, NoReturn

from huntertui.errors import Usage
from huntertui.model.text import did_you_mean

PROGRAM = "huntertui"
_DASH = "\0"  # no argument holds one
_WORD = re.compile(r"-[^-\W]\w")
_REQUIRED = "the following arguments are required: "
_ALIKE = 0.7  # of an option's name: all begin alike
_OF_VERBS = ("--json", "--plain", "--dry-run", "-n")
_UNKNOWN = "unrecognized arguments: "  # how argparse begins


class Formatter(HelpFormatter):
    """Help as wide as the terminal. `argparse` makes one for each argument that it is told of, and would load
    `shutil`, with the packers behind it, to know the width."""

    def __init__(self, prog: str) -> None:
        """Take the width from COLUMNS, else from the terminal, else 80."""
        columns = os.environ.get("COLUMNS", "")
        try:
            width = int(columns) if columns.isdecimal() else os.get_terminal_size(1).columns
        except OSError:
            width = 0
        super().__init__(prog, width=(width or 80) - 2)


class Parser(ArgumentParser):
    """Complains with an exception, so that there is one place that ends the program."""

    def __init__(self, prog: str | None = None, **options: Any) -> None:
        """As any parser, with our help."""
        super().__init__(prog, formatter_class=Formatter, **options)

    def parse_mixed(self, args: Sequence[str], into: Namespace) -> Namespace:
        """Options may stand anywhere among the words; "-cold" is a word, as no option is written so, and all
        that stands behind "--" is."""
        end = args.index("--") if "--" in args else len(args)
        words = [f"{_DASH}{arg}" if _WORD.match(arg) else arg for arg in args[:end]]
        words += [f"{_DASH}{arg}" for arg in args[end + 1 :]]
        found = self.parse_intermixed_args(words, into)
        for name, value in vars(found).items():
            if isinstance(value, list):
                setattr(found, name, [word.removeprefix(_DASH) for word in value])
            elif isinstance(value, str):
                setattr(found, name, value.removeprefix(_DASH))
        return found

    def format_help(self) -> str:
        """The help, after an example of the verb."""
        from huntertui.cli.examples import example  # late: only help pays for it

        shown = example(self.prog.removeprefix("huntertui "))
        return f"  {shown}\n\n{super().format_help()}" if shown else super().format_help()

    def error(self, message: str) -> NoReturn:
        """Usage, with the option that is meant in the place of a wrong one."""
        hint = ""
        if message.startswith(_REQUIRED):  # parse_intermixed_args also names what may be left out
            free = {action.metavar for action in self._actions if action.nargs in ("*", "?")}
            missing = message.removeprefix(_REQUIRED).split(", ")
            message = _REQUIRED + ", ".join(name for name in missing if name not in free)
        if message.startswith(_UNKNOWN):
            wrong = message.removeprefix(_UNKNOWN).split()[0].partition("=")[0]
            if self.prog == PROGRAM and wrong in _OF_VERBS:
                hint = f"{wrong} stands behind the verb: huntertui VERB {wrong}"
            elif wrong.startswith("--"):
                hint = did_you_mean(wrong, self._option_string_actions, least=_ALIKE)
        raise Usage(f"{message}: {hint}" if hint else f"{message}; see {self.prog} -h")

    def _check_value(self, action: Action, value: Any) -> None:
        """As argparse does, with the nearest of the choices."""
        if action.choices is not None and value not in action.choices:
            known = list(map(str, action.choices))
            meant = did_you_mean(str(value), known, f"there are {', '.join(known)}")
            raise ArgumentError(action, f"invalid choice: {str(value)!r}: {meant}")
