"""The house's one direction: who may import whom, what is pure, and where Textual and the clock may be."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import huntertui

PACKAGE = Path(huntertui.__file__).parent
# What the parts at the bottom may import of the others.
BASE = {"errors", "tomlfile", "colors", "records"}
KNOWS: dict[str, set[str]] = {
    "records": set(),
    "model": {"records"},
    "errors": set(),
    "tomlfile": {"errors", "records"},
    "colors": BASE,
    "themes": BASE,
    "legible": {*BASE, "themes"},
    "config": BASE,
    "site": {*BASE, "config"},
    "teamvalues": {*BASE, "model"},
    "teamreader": {*BASE, "config", "model", "records", "teamvalues"},
    "teamfile": {*BASE, "model", "teamreader", "teamstages"},
    "teamstages": {"model", "records", "teamtemplate"},
    "teamtemplate": {"model", "records"},
    "commands": {*BASE, "model"},
    "store": {"errors", "model", "records"},
}
# What the parts above them may not. All that are not named, such as the desk, are in the middle.
SHUNS = {
    "middle": {
        "colors",
        "config",
        "site",
        "teamfile",
        "teamreader",
        "teamtemplate",
        "teamvalues",
        "themes",
        "cli",
        "tui",
        "__main__",
    },
    "cli": {"tui", "__main__"},
    "tui": {"store", "cli", "__main__"},
    "__main__": set[str](),
    "scripting": {"tui", "__main__"},  # the other composition root, for who imports the package
}  # fmt: skip
IMPURE = {
    "asyncio", "glob", "io", "locale", "logging", "os", "pathlib", "pwd", "random", "secrets", "shutil",
    "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "uuid",
}  # fmt: skip
CLOCKS = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
}  # fmt: skip


class Import(NamedTuple):
    """One import: where it stands, in which part of the package, and the module that it names."""

    where: str
    part: str
    module: str
    lazy: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    @property
    def ours(self) -> str:
        """The part of the package that is imported, "" for a module from elsewhere or the package itself."""
        return self.module.split(".")[1] if self.module.startswith("huntertui.") else ""


class Source(NamedTuple):
    path: Path
    part: str
    tree: ast.Module

    def where(self, node: ast.stmt | ast.expr) -> str:
        return f"{self.path.relative_to(PACKAGE.parent)}:{node.lineno}"


def read(path: Path) -> Source:
    inside = path.relative_to(PACKAGE)
    part = inside.stem if len(inside.parts) == 1 else inside.parts[0]
    return Source(path, part, ast.parse(path.read_text(encoding="utf-8")))


def imports_of(source: Source) -> Iterator[Import]:
    """Yield all imports, also those inside functions (lazy) and for type checkers alone."""
    package = [PACKAGE.name, *source.path.relative_to(PACKAGE).parts[:-1]]

    def visit(node: ast.AST, lazy: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            home = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*home, *([node.module] if node.module else [])])
            whole = module == PACKAGE.name  # `from huntertui import desk` names a part
            parts = [alias.name for alias in node.names if whole and not alias.name.startswith("__ver")]
            names = [f"{module}.{name}" for name in parts] or [module]
        else:
            lazy = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for child in ast.iter_child_nodes(node):
                yield from visit(child, lazy)
            return
        for name in names:
            yield Import(source.where(node), source.part, name, lazy)

    yield from visit(source.tree, lazy=False)


SOURCES = [read(path) for path in sorted(PACKAGE.rglob("*.py"))]
IMPORTS = [found for source in SOURCES for found in imports_of(source)]


def wrong(found: Import) -> str:
    """Return why an import may not be, "" if it may."""
    part, ours = found.part, found.ours
    if ours and ours != part:
        allowed = ours in KNOWS[part] if part in KNOWS else ours not in SHUNS.get(part, SHUNS["middle"])
        if not allowed:
            return f"{part} may not import {found.module}"
        if ours == "tui" and not found.lazy:
            return f"{part} may import tui only when it runs"
    if found.top in ("textual", "rich") and part != "tui":
        return f"only tui may import {found.top}"
    if found.top == "tinydb" and part != "store":
        return "only store may import tinydb"
    if part == "model" and found.top in IMPURE:
        return f"model is pure: no {found.top}"
    return ""


def reads_clock(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in CLOCKS:
                yield source.where(node)


def test_imports_go_one_way() -> None:
    assert IMPORTS
    assert [f"{found.where}: {why}" for found in IMPORTS if (why := wrong(found))] == []


def test_only_the_composition_root_reads_the_clock() -> None:
    """`datetime.now` and its like, as a call or handed on; elapsed time (`time.monotonic`) is no date."""
    roots = [
        PACKAGE / "__main__.py",
        PACKAGE / "scripting.py",
        PACKAGE / "store" / "storage.py",
    ]  # TinyDB hands on no clock
    sources = [source for source in SOURCES if source.path not in roots]
    assert [where for source in sources for where in reads_clock(source)] == []


def test_the_model_opens_no_files() -> None:
    opened = [
        source.where(node)
        for source in SOURCES
        if source.part == "model"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("open", "print")
    ]
    assert opened == []


@pytest.mark.parametrize(
    ("path", "code", "why"),
    [
        ("model/x.py", "import os", "model is pure: no os"),
        ("model/x.py", "def f():\n from time import time", "model is pure: no time"),
        ("model/x.py", "from huntertui.store import open_store", "model may not import huntertui.store"),
        ("model/x.py", "from ..errors import Usage", "model may not import huntertui.errors"),
        ("model/x.py", "from . import owed\nfrom .owed import Owed\nimport datetime", ""),
        ("book.py", "from huntertui import themes", "book may not import huntertui.themes"),
        ("book.py", "import huntertui.store.store", ""),
        ("store/x.py", "import tinydb.storages\nfrom huntertui.model.touch import Touch", ""),
        ("store/x.py", "from huntertui.book import Book", "store may not import huntertui.book"),
        ("exchange/x.py", "from tinydb import TinyDB", "only store may import tinydb"),
        ("themes.py", "from rich.color import Color", "only tui may import rich"),
        ("cli/x.py", "def f():\n import textual.app", "only tui may import textual"),
        ("cli/x.py", "def f():\n from huntertui.tui.app import App", "cli may not import huntertui.tui.app"),
        ("cli/x.py", "from huntertui.store import open_store", ""),
        ("tui/x.py", "from textual.app import App\nfrom huntertui.desk import Desk", ""),
        ("tui/x.py", "if T:\n from huntertui.store import Store", "tui may not import huntertui.store"),
        ("newcomer.py", "from huntertui.desk import Desk\nfrom huntertui import __version__", ""),
        ("newcomer.py", "from huntertui.cli import main", "newcomer may not import huntertui.cli"),
        ("__main__.py", "from huntertui.tui.app import App", "__main__ may import tui only when it runs"),
        ("__main__.py", "def main():\n from huntertui.tui.app import App", ""),
    ],
)
def test_the_rule_catches(path: str, code: str, why: str) -> None:
    source = Source(PACKAGE / path, path.partition("/")[0].removesuffix(".py"), ast.parse(code))
    assert "".join(map(wrong, imports_of(source))) == why


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ("datetime.now(UTC)", True),
        ("datetime.datetime.utcnow()", True),
        ("f(clock=date.today)", True),
        ("time.time()", True),
        ("time.monotonic()", False),
        ("clock.now()", False),
        ("policy.today", False),
    ],
)
def test_the_clock_is_seen(code: str, reads: bool) -> None:
    assert bool(list(reads_clock(Source(PACKAGE / "book.py", "book", ast.parse(code))))) == reads


def run(code: str, *args: str) -> str:
    """Run code in a process of its own and return what it prints last."""
    done = subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


LOADED = "\nprint(sorted({name.partition('.')[0] for name in sys.modules} & {'textual', 'rich'}))"


def test_nothing_but_the_screen_loads_textual() -> None:
    names = [
        ".".join(source.path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for source in SOURCES
        if source.part not in ("tui", "__main__")
    ]
    assert run(f"import importlib, sys\nfor name in {names}: importlib.import_module(name){LOADED}") == "[]"


def test_the_first_picture_is_painted_without_textual() -> None:
    """What paints, and takes the keys: of Rich it may have the small modules, which load nothing else."""
    assert run("import sys, huntertui.tui.opening" + LOADED) == "['rich']"
    heavy = {"asyncio", "rich.console", "rich.text", "rich.markup"}
    assert run(f"import sys, huntertui.tui.opening\nprint({heavy} & set(sys.modules))") == "set()"


@pytest.mark.skipif(importlib.util.find_spec("huntertui.__main__") is None, reason="there is no __main__ yet")
@pytest.mark.parametrize("verb", [["--version"], ["list"]])
def test_a_verb_loads_no_textual(verb: list[str]) -> None:
    code = (
        "import sys\nfrom huntertui.__main__ import main\nsys.argv[0] = 'huntertui'\n"
        "try: code = main()\nexcept SystemExit as end: code = end.code\nassert not code, code" + LOADED
    )
    assert run(code, *verb) == "[]"


SELDOM = {
    "asyncio", "bz2", "dateutil", "decimal", "difflib", "hashlib", "lzma", "multiprocessing", "platform",
    "psycopg", "random", "rich", "shtab", "shutil", "socket", "ssl", "subprocess", "tempfile", "textual",
    "tinydb", "tomlkit", "traceback", "uuid",
}  # fmt: skip
"""What only a mistake, a doctor or a first start pays for: together as much as all that a verb needs."""

DOING = {
    "huntertui.actions", "huntertui.cli.doing", "huntertui.commands", "huntertui.desk.desk",
    "huntertui.desk.ledger", "huntertui.exchange", "huntertui.model.acts", "huntertui.model.when",
}  # fmt: skip
"""What only who does something needs."""


@pytest.mark.parametrize("verb", ["list", "brief"])
def test_a_verb_that_reads_loads_nothing_that_is_seldom_needed(tmp_path: Path, verb: str) -> None:
    code = (
        "import sys\nfrom huntertui.__main__ import main\nsys.argv[0] = 'huntertui'\nassert not main()\n"
        f"print(sorted({SELDOM | DOING} & set(sys.modules)))"
    )
    assert run(code, "--store", str(tmp_path / "store.json"), verb) == "[]"
