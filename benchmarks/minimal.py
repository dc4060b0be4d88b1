"""The floor: the least Textual program, one line of text that changes with a key."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    """One Static."""

    def compose(self) -> ComposeResult:
        yield Static("first row", id="line")

    def on_key(self) -> None:
        self.query_one("#line", Static).update("another row", layout=False)


if __name__ == "__main__":
    Minimal().run(mouse=False)
