"""Faults that nobody foresaw, where neither the screen nor its worker catches them."""

from __future__ import annotations

import sys
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextlib import suppress
from typing import Any


def heed_faults(loop: AbstractEventLoop, end: Callable[[Exception], None]) -> None:
    """From now on, have `end` called in the loop with a fault of a thread, or of a call that the loop makes.

    Python would print it, with a message that may quote a record, over the screen, and let the program go on
    without what broke.
    """

    def of_the_loop(_: AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(error := context.get("exception"), Exception):
            end(error)

    def of_a_thread(fault: threading.ExceptHookArgs) -> None:
        if isinstance(fault.exc_value, Exception):
            with suppress(RuntimeError):  # the loop has ended meanwhile, and the screen with it
                loop.call_soon_threadsafe(end, fault.exc_value)

    loop.set_exception_handler(of_the_loop)
    threading.excepthook = of_a_thread
    sys.unraisablehook = lambda _: None  # of an object at its end: nothing depends on it
