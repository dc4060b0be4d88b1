"""What is kept of an error that nobody foresaw: where it happened, and nothing of anybody's data."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from huntertui import __version__


def record_crash(error: BaseException, folder: Path, at: datetime) -> str:
    """Write the details to a file for the user's eyes alone, and return what to tell him."""
    path = folder / f"crash-{at.astimezone(UTC):%Y%m%dT%H%M%S}Z-{os.getpid()}.log"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(details(error))
    except OSError as failure:
        return f"stopped by a fault of its own ({type(error).__name__}); {path}: {failure.strerror}"
    return f"stopped by a fault of its own ({type(error).__name__}); details in {path}"


@contextmanager
def heeding_threads() -> Iterator[None]:
    """Within, what breaks in a thread is kept, and raised at the end as if it had broken here.

    Python would print it, with a message that may quote a record, and the verb would end as if all were well.
    Of an object that breaks at its end nothing is said: nothing depends on it.
    """
    broken: list[BaseException] = []

    def keep(fault: threading.ExceptHookArgs) -> None:
        if fault.exc_value is not None:
            broken.append(fault.exc_value)

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = keep, lambda _: None
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before
    if broken:
        raise broken[0]


def details(error: BaseException) -> str:
    """The traceback without values and without the messages, as both may quote a record."""
    import traceback  # late: nobody foresees it

    lines = [f"huntertui {__version__}, Python {sys.version.partition(' ')[0]}, {os.uname().sysname}\n"]
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"\n{type(current).__module__}.{type(current).__qualname__}\n")
        lines += traceback.format_list(traceback.extract_tb(current.__traceback__))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "".join(lines)
