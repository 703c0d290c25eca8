"""The text of an html page: blocks as lines, cells of a table row joined by tabs, nothing that is not shown."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCK_TAGS = (
    "address article aside blockquote br dd div dl dt fieldset figcaption footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tbody tfoot thead tr ul caption"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HIDDEN = frozenset(("script", "style", "title", "noscript", "template", "svg"))
_CELLS = frozenset(("td", "th"))
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")


class _Shown(HTMLParser):
    """Collects what a reader of the page sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag == "tr":
            self.cells = 0
            self._line()
        elif tag in _CELLS:
            if self.cells:
                self.parts.append("\t")
            self.cells += 1
        elif tag in _BLOCKS:
            self._line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in ("tr", "table"):
            self.cells = 0
            self._line()
        elif tag in _BLOCKS:
            self._line()

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(_BLANKS.sub(" ", data))

    def _line(self) -> None:
        """A line end; inside a cell only a blank, so that a row stays one line."""
        self.parts.append(" " if self.cells else "\n")


def text_of_html(page: str) -> str:
    """The text that the page shows."""
    parser = _Shown()
    parser.feed(page)
    parser.close()
    lines = (
        re.sub(r" *\t *", "\t", re.sub(" {2,}", " ", line)).strip(" ")
        for line in "".join(parser.parts).split("\n")
    )
    return "\n".join(line for line in lines if line.strip("\t "))
