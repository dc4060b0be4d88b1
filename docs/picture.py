"""Draw docs/huntertui.svg: the demo day, at a fixed hour, as the workday shows it. Run by `make picture`.

Another theme or file: `make picture ARGS="light light.svg"`.
"""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from huntertui.config import Config
from huntertui.demo import desk
from huntertui.model.pipeline import Policy
from huntertui.themes import folders, load
from huntertui.tui.app import HunterApp
from huntertui.tui.look import Looks
from huntertui.tui.scene import Scene

HERE = Path(__file__).parent
MORNING = datetime(2026, 11, 23, 9, 47, tzinfo=UTC)
SIZE = (140, 40)
KEYS = ("j", "j")

# Textual's template fetches its font from the web; a picture in a README should need nobody.
_FONT_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


async def draw(theme: str) -> str:
    """The screen as SVG, after a few keys."""
    config = Config(store="memory:", theme=theme)
    scene = Scene(desk(lambda: MORNING, Policy()), config, demo=True)
    app = HunterApp(scene, config, Looks(load(theme, folders(HERE))))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*KEYS)
        await pilot.pause()
        return _FONT_FACE.sub("", app.export_screenshot(title="huntertui demo", simplify=True))


def main(theme: str = "dark", file: str = str(HERE / "huntertui.svg")) -> None:
    """Write the picture."""
    svg = "\n".join(line.rstrip() for line in asyncio.run(draw(theme)).splitlines())
    Path(file).write_text(svg.strip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
