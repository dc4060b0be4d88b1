"""Themes: plain TOML files turned into plain colours and looks, each value checked, nothing drawn.

A colour that is handed out is "#rrggbb" or "ansi_NAME" (the terminal's own). What is wrong in a file is a
ThemeError that names the line, so whoever draws never meets a bad value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huntertui.colors import color
from huntertui.errors import HunterError
from huntertui.records import dataclass
from huntertui.tomlfile import Document, Problem, Unreadable, read, shown, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NAME = re.compile(r"[a-z0-9-]{1,32}")
"""The whole of a theme's name: nothing that leads out of a folder."""

COLORS = (
    "primary", "secondary", "warning", "error", "success", "accent",
    "foreground", "background", "surface", "panel", "boost",
)  # fmt: skip
"""The colours of a theme, by the names of Textual's own fields."""

REQUIRED = ("primary", "foreground", "background")
"""The colours that a theme, or one it inherits from, must have; Textual derives the rest."""

DEFAULT = "dark"
"""The theme of who has chosen none, or one that cannot be used."""

STYLES = frozenset({"bold", "dim", "italic", "underline", "reverse", "strike"})


class ThemeError(HunterError):
    """A theme that cannot be used; `problem` tells the file, the line, the key and why."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem as the message too."""
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown. Colours: "" is that of the text around; `mark` and `ascii`: one column, or ""."""

    fg: str = ""
    bg: str = ""
    style: frozenset[str] = frozenset()
    mark: str = ""
    ascii: str = ""


_BOLD = frozenset({"bold"})

STATES: Mapping[str, Look] = {
    "neglected": Look(style=_BOLD, mark="!", ascii="!"),
    "due_today": Look(mark="•", ascii="."),
    "future": Look(mark=" ", ascii=" "),
    "no_next": Look(mark="?", ascii="?"),
    "won": Look(mark="✓", ascii="+"),
    "lost": Look(mark="✗", ascii="x"),
    "mine": Look(mark=" ", ascii=" "),
    "unowned": Look(mark="_", ascii="_"),
    "triage": Look(mark="~", ascii="~"),
    "parked": Look(mark="z", ascii="z"),
    "amber": Look(mark="·", ascii=","),
    "aged": Look(mark="^", ascii="^"),
    "cursor": Look(),
    "cursor_inactive": Look(),
    "heading": Look(style=_BOLD),
    "dim": Look(),
    "border": Look(),
    "status": Look(),
}
"""What a theme can show, each as it is where no theme says otherwise: no state loses its mark by omission."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A checked theme. `colors`: those given, by COLORS name; `state`: a look for every key of STATES.

    `variables`: Textual's CSS variables and their values. `source`: the file it was read from.
    """

    name: str
    dark: bool
    colors: Mapping[str, str]
    variables: Mapping[str, str]
    state: Mapping[str, Look]
    author: str
    source: Path
    luminosity_spread: float = 0.15
    text_alpha: float = 0.95

    @property
    def ansi(self) -> bool:
        """Whether it leaves the background to the terminal, so that nothing can be blended with it."""
        return self.colors["background"].startswith("ansi_")


def folders(user: Path) -> list[Path]:
    """Return where themes are looked for, the first find winning: the user's folder, then the program's own.

    The program's own is in the package (as installed) or beside it (in a checkout, also an editable one).
    """
    package = Path(__file__).parent
    own = package / "themes"
    return [user, own if own.is_dir() else package.parent / "themes"]


def load(name: str, folders: Sequence[Path]) -> Theme:
    """Return the theme `name` from the first of `folders` that has it; ThemeError if none has or it is wrong.

    A theme inherits from its own folder or a later one; one that inherits its own name, from a later one,
    so that a user's `dark` can be a change to the program's.
    """
    heirs: list[Document] = []
    parts: list[_Part] = []
    wanted: str | None = name
    while wanted is not None:
        number, document = _find(wanted, folders, heirs)
        part = _check(document)
        parent = part.fields.get("inherits")
        folders = folders[number + 1 if parent == wanted else number :]
        heirs.append(document)
        parts.append(part)
        wanted = parent
    return _assemble(name, heirs[0].path, parts)


def available(folders: Sequence[Path]) -> tuple[dict[str, Theme], list[ThemeError]]:
    """Return all themes by name, and what is wrong with the rest; a broken one hides no other of its name."""
    themes: dict[str, Theme] = {}
    errors: list[ThemeError] = []
    for number, folder in enumerate(folders):
        try:
            paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            errors.append(ThemeError(Problem(str(folder), 0, "", f"cannot be read: {error.strerror}")))
            continue
        for path in paths:
            if path.stem not in themes:
                try:
                    themes[path.stem] = load(path.stem, folders[number:])
                except ThemeError as error:
                    errors.append(error)
    return dict(sorted(themes.items())), errors


def _find(name: str, folders: Sequence[Path], heirs: Sequence[Document]) -> tuple[int, Document]:
    """Return the number of the folder and the file of a theme; `heirs`: those it is read for, in order."""

    def error(message: str) -> ThemeError:
        last = heirs[-1] if heirs else None
        return ThemeError(
            last.problem(message, "inherits") if last else Problem(f"{name}.toml", 0, "", message)
        )

    if not NAME.fullmatch(name):
        raise error(f"{shown(name)} is no name: small letters, digits and -, at most 32")
    for number, folder in enumerate(folders):
        path = folder / f"{name}.toml"
        if any(heir.path == path for heir in heirs):
            raise error("goes round in a circle: " + " -> ".join([*(heir.path.stem for heir in heirs), name]))
        try:
            return number, read(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except Unreadable as unreadable:
            raise ThemeError(unreadable.problem) from None
    names = {path.stem for folder in folders for path in folder.glob("*.toml") if NAME.fullmatch(path.stem)}
    raise error(f"there is no theme {name!r}" + (f": {suggest(name, names)}" if names else ""))


@dataclass(frozen=True, slots=True)
class _Part:
    """What one file says, checked: its fields, its variables, and by state the parts of a look."""

    fields: dict[str, Any]
    variables: dict[str, str]
    looks: dict[str, dict[str, Any]]


def _check(document: Document) -> _Part:
    part = _Part({}, {}, {})
    for key, value in document.data.items():
        if key == "variables":
            for name, given in _table(document, value, key).items():
                check = _variable_check(document, name)
                part.variables[name] = _checked(document, check, given, key, name)
        elif key == "state":
            for state, look in _table(document, value, key).items():
                _known(document, STATES, key, state)
                part.looks[state] = {
                    word: _checked(
                        document, _known(document, _LOOK, key, state, word), given, key, state, word
                    )
                    for word, given in _table(document, look, key, state).items()
                }
        else:
            check = _known(document, _FIELDS | {"variables": None, "state": None}, key)
            part.fields[key] = _checked(document, check, value, key)
    return part


def _table(document: Document, value: object, *keys: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ThemeError(document.problem(f"must be a table, not {shown(value)}", *keys))
    return value


def _known(document: Document, names: Mapping[str, Any], *keys: str) -> Any:
    if keys[-1] not in names:
        raise ThemeError(document.problem(f"is unknown: {suggest(keys[-1], names)}", *keys))
    return names[keys[-1]]


def _checked(document: Document, check: Callable[[object], Any], value: object, *keys: str) -> Any:
    try:
        return check(value)
    except ValueError as error:
        raise ThemeError(document.problem(str(error), *keys)) from None


def _assemble(name: str, path: Path, parts: Sequence[_Part]) -> Theme:
    """Put the parts together, the first one's word being the last."""
    fields: dict[str, Any] = {}
    variables: dict[str, str] = {}
    state = dict(STATES)
    for part in reversed(parts):
        fields |= part.fields
        variables |= part.variables
        for key, look in part.looks.items():
            mark = look.get("mark", "")
            twin = {"ascii": mark} if mark and mark.isascii() else {}
            state[key] = replace(state[key], **(twin | look))
    for key in REQUIRED:
        if key not in fields:
            raise ThemeError(
                Problem(str(path), 0, key, "is missing: give it, or inherit a theme that has it")
            )
    if fields["background"].startswith("ansi_"):  # Textual's stylesheet asks for these then, and derives none
        variables = {"ansi-foreground": "ansi_default", "ansi-background": "ansi_default"} | variables
    return Theme(
        name=name,
        dark=fields.get("dark", True),
        colors={key: fields[key] for key in COLORS if key in fields},
        variables=variables,
        state=state,
        author=parts[0].fields.get("author", ""),
        source=path,
        **{key: fields[key] for key in ("luminosity_spread", "text_alpha") if key in fields},
    )


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {shown(value)}")
    return value


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"must be a number from 0 to 1, not {shown(value)}")
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise ValueError(f"must be a line of text of at most 200 characters, not {shown(value)}")
    return value


def _styles(value: object) -> frozenset[str]:
    if not isinstance(value, str):
        raise ValueError(f"must be words in quotes, as 'bold underline', not {shown(value)}")
    words = frozenset(value.split())
    for word in sorted(words - STYLES):
        raise ValueError(f"{shown(word)} is no style: {suggest(word[:32], STYLES)}")
    return words


def _mark(value: object) -> str:
    if not isinstance(value, str) or len(value) != 1 or not value.isprintable():
        raise ValueError(f"must be one character, not {shown(value)}")
    if unicodedata.east_asian_width(value) in "WF" or unicodedata.category(value).startswith("M"):
        raise ValueError(f"must be one column wide, and {shown(value)} is not")
    return value


def _ascii(value: object) -> str:
    if not isinstance(value, str) or len(value) != 1 or not " " <= value <= "~":
        raise ValueError(f"must be one ASCII character, not {shown(value)}")
    return value


_SHADE = re.compile(r"(?P<color>\S+?)(?P<percent> +(?:100|[1-9]?[0-9])%)?")


def _variable_check(document: Document, name: str) -> Callable[[object], str]:
    """Return the check for a CSS variable's value: Textual's stylesheet would break on any other."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,63}", name):
        raise ThemeError(document.problem("is no name of a CSS variable", "variables", name))
    return _css_style if "style" in name.split("-") else _css_color


def _css_style(value: object) -> str:
    return "none" if value == "none" else " ".join(sorted(_styles(value))) or "none"


def _css_color(value: object) -> str:
    shade = _SHADE.fullmatch(value) if isinstance(value, str) else None
    if shade is None:
        return color(value)
    plain = shade["color"]
    return (plain if plain == "transparent" else color(plain)) + (shade["percent"] or "")


_FIELDS: dict[str, Callable[[object], Any]] = {
    **dict.fromkeys(COLORS, color),
    "dark": _flag,
    "luminosity_spread": _share,
    "text_alpha": _share,
    "inherits": _text,
    "author": _text,
}
_LOOK: Mapping[str, Callable[[object], Any]] = {
    "fg": color,
    "bg": color,
    "style": _styles,
    "mark": _mark,
    "ascii": _ascii,
}
