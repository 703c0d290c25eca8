"""What stands between the words and is none of them: page numbers, running headers, pinyin notes, a second copy.

The grammar reads past all of it; the stretches stay in the text as read, inside the item around them or in `unread`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from yukuaiban.plans.reading.folding import Folded, Span

# A line that is nothing but a page number: - 3 -, — 12 —, 第 3 页 共 10 页, 3/10. A bare number may be a table cell.
_PAGE_LINE = re.compile(
    r"^[ \t\u3000]*(?:[-–—－·•]{1,2}[ \u3000]*\d{1,4}[ \u3000]*[-–—－·•]{1,2}|第[ \u3000]*\d{1,4}[ \u3000]*[页頁]"
    r"(?:[ \u3000,，/]*共[ \u3000]*\d{1,4}[ \u3000]*[页頁])?|\d{1,4}[ ]*/[ ]*\d{1,4})[ \t\u3000\r]*$",
    re.MULTILINE,
)
_LINE = re.compile(r"^[ \t\u3000]*([^\r\n\t]{4,40}?)[ \t\u3000\r]*$", re.MULTILINE)
# 具(jù)体, 责任(zeren): small Latin letters in brackets behind a character, with a tone mark or as syllables.
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
_INITIAL = "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])"
_FINAL = (
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue"
    "|a|o|e|i|u|v)"
)
_PINYIN = re.compile(
    rf"(?<=[\u4e00-\u9fff])[（(]\s*(?:(?=[a-z{_TONES}\s']*[{_TONES}])[a-z{_TONES}\s']{{1,40}}"
    rf"|(?:{_INITIAL}{_FINAL}[\s']*){{1,8}})[)）]"
)
_HEADER_COPIES = 3
# A line with a sign, or one that ends like the name of an agency, may return for its own sake.
_NO_HEADER = re.compile(r"[。;；:：、，,]|[厅局委办处科院所部会府司镇乡区]$")
_SHORTEST_COPY = 100
_ANCHOR = 40
_ANCHORS = 60


def page_marks(raw: str) -> list[Span]:
    """Page numbers on a line of their own, and a line that returns as a running header (its first place stays)."""
    found = [match.span() for match in _PAGE_LINE.finditer(raw)]
    lines = [(match.group(1).strip(), match.span(1)) for match in _LINE.finditer(raw)]
    counts = Counter(line for line, _ in lines)
    seen: set[str] = set()
    for line, span in lines:
        header = counts[line] >= _HEADER_COPIES and not _NO_HEADER.search(line)
        if header and line in seen:
            found.append(span)
        seen.add(line)
    return found


def pinyin_notes(raw: str) -> list[Span]:
    """Pinyin in brackets behind the character that it explains."""
    return [match.span() for match in _PINYIN.finditer(raw)]


def second_copy(folded: Folded) -> Span | None:
    """Where the text, or nearly all of it, stands a second time or more; offsets of the text as read."""
    text = folded.text
    for anchor in sorted(folded.breaks)[:_ANCHORS]:
        again = text.find(text[anchor : anchor + _ANCHOR], anchor + _SHORTEST_COPY)
        if again < 0 or len(text) - again < _SHORTEST_COPY:
            continue
        length = _common(text, anchor, again)
        if length >= _SHORTEST_COPY and length * 10 >= (again - anchor) * 9:
            return folded.span(again, again + length)
    return None


def _common(text: str, first: int, second: int) -> int:
    """How far the stretches that begin at both places agree; a third copy right behind the second is one with it."""
    low, high = 0, len(text) - second
    while low < high:
        middle = (low + high + 1) // 2
        if text[first : first + middle] == text[second : second + middle]:
            low = middle
        else:
            high = middle - 1
    return low


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The same stretches sorted, those that touch or overlap made one."""
    last: Span | None = None
    for span in sorted(spans):
        if last and span[0] <= last[1]:
            last = last[0], max(last[1], span[1])
            continue
        if last:
            yield last
        last = span
    if last:
        yield last
