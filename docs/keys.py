"""Write the key table into the README, from the command table. Run by `make keys`; a test holds it."""

from pathlib import Path

from huntertui.commands import markdown_table

README = Path(__file__).parent.parent / "README.md"


def main() -> None:
    """Replace what stands between the marks."""
    before, _, rest = README.read_text(encoding="utf-8").partition("<!-- keys -->")
    _, _, after = rest.partition("<!-- /keys -->")
    text = f"{before}<!-- keys -->\n{markdown_table().strip()}\n<!-- /keys -->{after}"
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
