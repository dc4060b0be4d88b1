"""A new file: there wholly or not at all, for its owner's eyes, and never in the place of another's."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from huntertui.errors import HunterError, NotAllowed
from huntertui.model.text import shown


class ExportFault(HunterError):
    """A file that cannot be written; what was in its place is as it was."""


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[TextIO]:
    """A file in UTF-8 to write to, mode 0600, which gets its name at the end, and none if anything fails.

    Never follows a link. `force`: a plain file of one's own is replaced by it. NotAllowed, ExportFault.
    """
    check_free(path, force=force)
    made = path.with_name(f".huntertui-{os.urandom(6).hex()}.tmp")
    with _explained(path):
        fd = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with TextIOWrapper(os.fdopen(fd, "wb"), encoding="utf-8", errors="replace", newline="") as file:
                os.fchmod(fd, 0o600)  # whatever the umask
                yield file
                file.flush()
                os.fsync(fd)
            if force:
                check_free(path, force=True)
                os.replace(made, path)  # noqa: PTH105
            else:
                os.link(made, path, follow_symlinks=False)  # unlike a rename, never over what is there
        finally:
            with suppress(FileNotFoundError):
                made.unlink()


def check_free(path: Path, *, force: bool, cure: str = "another name, or --force") -> None:
    """Refuse a path at which something is that shall stay: always what is not one's own plain file. `cure`:
    what to do where `force` would help."""
    where = shown(str(path))
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise ExportFault(f"{where}: no file can be made there: {_reason(error)}") from None
    if not stat.S_ISREG(found.st_mode):
        raise NotAllowed(f"{where} is there already and no plain file: nothing was written; another name?")
    if found.st_uid != os.geteuid():
        raise NotAllowed(f"{where} is there already and not yours: nothing was written; another name?")
    if not force:
        raise ExportFault(f"{where} is there already: nothing was written; {cure}")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    where = shown(str(path))
    try:
        yield
    except FileExistsError:
        raise ExportFault(f"{where} has come to be meanwhile: nothing was written") from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExportFault(f"{where}: nothing was written: {_reason(error)}") from None


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "error").lower() if isinstance(error, OSError) else "it is no path of a file"
