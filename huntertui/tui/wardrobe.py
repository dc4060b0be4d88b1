"""The person's own themes while the program runs: a file that is saved is seen within a second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from huntertui.config import Config
from huntertui.themes import DEFAULT, Theme, ThemeError, folders, load


class Wardrobe:
    """Knows when `theme`, asked for as `name`, is another by the files in the person's own folder."""

    def __init__(self, name: str, folder: Path, theme: Theme) -> None:
        self._name, self._folder, self._theme = name, folder, theme
        self._known = set(self._files())

    @classmethod
    def of(cls, config: Config, theme: Theme) -> Wardrobe | None:
        """The one for the theme in use; None where another stands in for the one that was asked for."""
        if config.themes is None or theme.name not in (config.theme, DEFAULT):
            return None
        return cls(config.theme, config.themes, theme)

    def look(self) -> Theme | ThemeError | None:
        """What the files say by now, or what is wrong with them; None when nothing is new.

        Costs one look into the folder, as long as nothing there changes.
        """
        found = set(self._files())
        if found == self._known:
            return None
        self._known = found
        try:
            theme = load(self._name, folders(self._folder))
        except ThemeError as error:
            return error
        if theme == self._theme:
            return None
        self._theme = theme
        return theme

    def _files(self) -> Iterator[tuple[str, int, int, int]]:
        """Name, number, time and size of each file of a theme: an editor may write into it or replace it."""
        try:
            for path in self._folder.glob("*.toml"):
                info = path.stat()
                yield path.name, info.st_ino, info.st_mtime_ns, info.st_size
        except OSError:  # gone meanwhile, or not ours to read: looked at again next time
            return
