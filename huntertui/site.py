"""What this machine's administrator has decided for everybody: who one is, and where the team's store is.

That is one TOML file of root's own. What it fixes, nobody else can change; its other settings are defaults.
"""

from __future__ import annotations

import os
import pwd
import re
import stat
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from huntertui.config import Paths, settings_in, whoami
from huntertui.errors import NotAllowed
from huntertui.records import dataclass
from huntertui.tomlfile import Document, Problem, Unreadable, read, shown

SETTINGS = Path("/etc/huntertui/config.toml")

FIXED = ("store", "zone", "currency", "any_filesystem")
"""The settings that nobody can change once the administrator has set them."""

IDENTITIES = ("unix", "sudo", "forced")


@dataclass(frozen=True, slots=True)
class Site:
    """The decisions. `identity` is how it is known who one is:

    unix: by the account that runs the program.
    sudo: by the account that called sudo, which ran the program as `account`.
    forced: by `--as`, which sshd's keys file gives to the program; as `account`, if that is set.

    `team`: where the team's policy is, if that is said.
    """

    file: Path = SETTINGS
    identity: str = "unix"
    account: str = ""
    team: Path | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def confined(self) -> bool:
        """Whether the program has an account of its own: its users may reach nothing else through it."""
        return self.identity != "unix"

    def member(self, uid: int, env: Mapping[str, str], claimed: str | None) -> str:
        """Return who runs the program. `uid`: the real one; `claimed`: what --as says. Raises NotAllowed."""
        if claimed is not None and self.identity != "forced":
            raise NotAllowed(
                f"--as {shown(claimed)}: who you are is your account; only {self.file}, root's own and with"
                ' identity = "forced", could let the command line say it'
            )
        if self.account and whoami(uid) != self.account:
            how = f": sudo -u {self.account} ..." if self.identity == "sudo" else ""
            raise NotAllowed(f"{self.file} lets only the account {self.account} run huntertui here{how}")
        if self.identity == "unix":
            return whoami(uid)
        if self.identity == "sudo":
            caller = env.get("SUDO_UID", "")
            if not re.fullmatch(r"[0-9]{1,10}", caller):
                raise NotAllowed(f"who is it? {self.file} says that sudo tells, and sudo did not start this")
            name = whoami(int(caller))
        elif claimed is None:
            raise NotAllowed(f"who is it? {self.file} says that --as NAME tells, and it is not given")
        else:
            name = claimed
        if not _NAME.fullmatch(name):
            raise NotAllowed(f"{shown(name)} is no name for a member: letters, digits and . _ @ - only")
        return name

    def check(self, flags: Mapping[str, object]) -> None:
        """Refuse options that are the administrator's to decide. `flags`: None or False for not given."""
        for name, value in flags.items():
            option = f"--{name.replace('_', '-')}"
            if value in (None, False) or (not self.confined and value == self.fixed.get(name)):
                continue
            if self.confined or name in self.fixed:
                raise NotAllowed(f"{option}: that is fixed by {self.file}")

    def home(self, member: str) -> Path:
        """Return the member's own folder beside the store, for who is confined; it is made where missing."""
        members = Path(self.fixed["store"]).parent / "members"
        home = members / member
        try:
            members.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (members, home, home / "imports", home / "exports"):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise NotAllowed(f"{error.filename}: {error.strerror}") from None
        return home

    def team_file(self, store: str) -> Path | None:
        """Return where the team's policy is: as said, else beside these settings, else beside the store."""
        if self.team is not None:
            return self.team
        ours = self.file.parent / "team.toml"
        if ours.exists():
            return ours
        return None if _URL.match(store) else Path(store).parent / "team.toml"

    def paths(self, member: str) -> Paths:
        """Return the places of a confined member."""
        home = self.home(member)
        return Paths(home / "config.toml", Path(self.fixed["store"]), home / "state", home / "themes", home)


def read_site(env: Mapping[str, str], file: Path = SETTINGS, root: int = 0) -> tuple[Site, list[Problem]]:
    """Return the administrator's decisions, and what is wrong with those that only concern taste.

    `env` only tells what the terminal is like. Raises NotAllowed where the decisions cannot be trusted: what
    others than `root` (a uid) may write, what cannot be read, and a wrong value of what is fixed. To go on
    without them would be to let people be anybody.
    """
    try:
        document = read(file)
        trouble = distrusted(file, root)
    except FileNotFoundError:
        return Site(file), []
    except Unreadable as error:
        raise NotAllowed(str(error.problem)) from None
    if trouble:
        raise NotAllowed(trouble)
    return _site(document, env)


def distrusted(file: Path, root: int) -> str:
    """Return why others than `root` may change a file, "" when nobody else may. FileNotFoundError."""
    for path in (file, file.parent):
        found = os.stat(path)  # noqa: PTH116  (a link's target)
        if found.st_uid != root or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return f"{path} has to belong to root, and nobody else may write it: chown root, chmod go-w"
    return ""


def _site(document: Document, env: Mapping[str, str]) -> tuple[Site, list[Problem]]:
    problems: list[Problem] = []
    values = settings_in(document, env, problems, others=("identity", "account", "team"))
    for problem in problems:
        if problem.key in FIXED:
            raise NotAllowed(str(problem))

    def wrong(key: str, message: str) -> NotAllowed:
        return NotAllowed(str(document.problem(message, key)))

    identity, account = document.data.get("identity", "unix"), document.data.get("account", "")
    if identity not in IDENTITIES:
        raise wrong("identity", f"must be one of {', '.join(IDENTITIES)}, not {shown(identity)}")
    if not isinstance(account, str) or (account and not _is_account(account)):
        raise wrong("account", f"there is no account {shown(account)} on this machine")
    if account and identity == "unix":
        raise wrong("account", 'has no meaning with identity = "unix"')
    if identity == "sudo" and not account:
        raise wrong("identity", 'needs account = "NAME", the one that sudo runs huntertui as')
    store = values.get("store")
    if identity != "unix" and store is None:
        raise wrong("identity", 'needs store = "/path/of/store.json" in the same file')
    if store is not None and not store.startswith("/") and (identity != "unix" or ":" not in store):
        what = "a URL" if "://" in store else shown(store)  # which may have a password in it
        raise wrong("store", f"must be a path from / on, not {what}")
    team = document.data.get("team")
    if team is not None and (not isinstance(team, str) or not team.startswith("/")):
        raise wrong("team", f"must be the path of the team's policy from / on, not {shown(team)}")
    fixed = {name: values.pop(name) for name in FIXED if name in values}
    return Site(document.path, identity, account, Path(team) if team else None, fixed, values), problems


def _is_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except (KeyError, ValueError):
        return False
    return True


_URL = re.compile(r"[a-z]+:")
_NAME = re.compile(r"(?![.-])[\w.@\\+-]{1,64}")  # also a folder's name
