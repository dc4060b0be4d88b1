"""The calls by which a program changes a disk, led through the hands of a test."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

WRITES = ("write", "pwrite", "writev")
SYNCS = ("fsync", "fdatasync")
_BY_FD = (*WRITES, *SYNCS, "ftruncate", "fchmod")
_BY_PATH = (
    "open",
    "replace",
    "rename",
    "link",
    "unlink",
    "remove",
    "mkdir",
    "rmdir",
    "truncate",
    "chmod",
    "utime",
)
_NEVER = ("copy_file_range", "sendfile", "symlink", "posix_fallocate", "pwritev", "mkfifo", "mknod", "sync")


@dataclass(frozen=True, slots=True)
class Call:
    """One call about to be made. `path` is what it changes, seen from the root; for a rename, the source."""

    name: str
    path: str
    real: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def make(self) -> Any:
        """Let it happen."""
        return self.real(*self.args, **self.kwargs)

    def make_partly(self, share: float) -> None:
        """Let only that share of a write's bytes reach the file."""
        assert self.name in WRITES
        data = b"".join(self.args[1]) if self.name == "writev" else bytes(self.args[1])
        os_real["pwrite" if self.name == "pwrite" else "write"](
            self.args[0], data[: int(len(data) * share)], *self.args[2:]
        )

    @property
    def other(self) -> str:
        """The second path of a rename or a link, whole."""
        return os.fsdecode(self.args[1])


os_real: dict[str, Callable[..., Any]] = {
    name: getattr(os, name) for name in (*_BY_FD, *_BY_PATH, *_NEVER) if hasattr(os, name)
}


def tap(root: Path, hand: Callable[[Call], Any]) -> None:
    """Lead every call of this process that changes something in `root` through `hand`, which has to make it.

    For good: only for a process that ends with the test. An `os.open` that neither creates nor empties a file
    does not count. Calls that no hand knows of, such as `os.sendfile`, fail.
    """
    top = root.resolve()

    def led(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if name == "open" and not args[1] & (os.O_CREAT | os.O_TRUNC):
                return real(*args, **kwargs)
            if any(kwargs.get(key) is not None for key in ("dir_fd", "src_dir_fd", "dst_dir_fd")):
                raise NotImplementedError(f"os.{name} with dir_fd")
            place = _place(args[0])
            if not place.is_relative_to(top):
                return real(*args, **kwargs)
            return hand(Call(name, str(place.relative_to(top)), real, args, kwargs))

        return call

    def refused(name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            raise NotImplementedError(f"os.{name}: teach tapped.py about it")

        return call

    for name in (*_BY_FD, *_BY_PATH):
        setattr(os, name, led(name, os_real[name]))
    for name in _NEVER:
        setattr(os, name, refused(name))


def _place(what: Any) -> Path:
    if isinstance(what, int):
        return Path(os.readlink(f"/proc/self/fd/{what}").removesuffix(" (deleted)"))  # noqa: PTH115
    place = Path(os.fsdecode(what))
    return place.parent.resolve() / place.name
