"""Notes that a browser's editor wrote, as people read them: HTML as plain lines.

Not by the library's parser, which takes minutes for a cell of nothing but opened tags, and hides what stands
behind a script that is never closed.
"""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b([^<>]*)>")
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]*)", re.IGNORECASE)
_BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"})
_TAGS = _BREAKS | {
    "a",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "span",
    "font",
    "td",
    "th",
    "tbody",
    "thead",
    "html",
}


def plain(text: str) -> str:
    """The text of a note that begins with a tag; any other as it is. A link is followed by its address."""
    begins = _TAG.match(text.lstrip())
    if not begins or begins[2].lower() not in _TAGS:
        return text
    links: list[tuple[str, int]] = []

    def said(tag: re.Match[str]) -> str:
        ends, name = bool(tag[1]), tag[2].lower()
        if name not in _TAGS:
            return tag[0]
        if name == "a" and not ends:
            found = _HREF.search(tag[3])
            links.append((found[1] if found else "", tag.end()))
        elif name == "a" and links:
            address, start = links.pop()
            return f" ({address})" if address and address not in text[start : tag.start()] else ""
        return "\n" if name in _BREAKS and (not ends or name == "p") else ""

    text = text.replace("\n", " ")
    lines = (" ".join(line.split()) for line in html.unescape(_TAG.sub(said, text)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
