"""TOML files of a pack with the line of each value, so that a complaint can name it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yukuaiban.core.tomllines import toml_lines
from yukuaiban.packs.complaints import Complaints, Where

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(r"\(at line (\d+)")
_NO_SECONDS = re.compile(r"(?<![\d\"'])(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(?![:\d])")


@dataclass(frozen=True, slots=True)
class TomlSource:
    """A parsed file: its values and where they stand."""

    file: str
    text: str
    data: Mapping[str, Any]
    lines: Mapping[Where, int]

    def line(self, where: Where) -> int | None:
        """The line of a value, or of the nearest table around it that has one."""
        for end in range(len(where), 0, -1):
            if (line := self.lines.get(where[:end])) is not None:
                following = where[end] if end < len(where) else None
                return self._element(line, following) if isinstance(following, int) else line
        return None

    def tables(self, name: str, complaints: Complaints) -> list[Any]:
        """The `[[name]]` tables; a value that is no list of tables is noted and left out."""
        given = self.data.get(name, [])
        if isinstance(given, list):
            return given
        why = f"“{name}”应写成 [[{name}]]"
        complaints.add(why, "用两层方括号，每个一张表", file=self.file, line=self.line((name,)))
        return []

    def only(self, name: str, complaints: Complaints, *, beside: tuple[str, ...] = ()) -> list[Any]:
        """As `tables`, of a file that holds nothing else but the tables named in `beside`."""
        for key in self.data:
            if key not in (name, *beside):
                line = self.first(key)
                complaints.add(f"不认识“{key}”", f"请写 [[{name}]]", file=self.file, line=line)
        return self.tables(name, complaints)

    def first(self, name: str) -> int | None:
        """The line of a value, or of the first table of that name."""
        return self.line((name,)) or self.line((name, 0))

    def _element(self, line: int, index: int) -> int:
        """The line of an inline table in a list that is written one to a line."""
        lines = self.text.splitlines()
        places = [line + at for at, each in enumerate(lines[line:], 1) if each.lstrip().startswith("{")]
        ends = [line + at for at, each in enumerate(lines[line:], 1) if each.strip() == "]"]
        inside = [place for place in places if ends and place < ends[0]]
        return inside[index] if index < len(inside) else line


def parse_toml(text: str, *, file: str, complaints: Complaints) -> TomlSource | None:
    """The text as a source; None after noting why it is no TOML.

    A time without seconds, which TOML refuses, is noted and read as if it had them, so that whatever else is wrong
    comes in the same go.
    """
    try:
        return TomlSource(file, text, tomllib.loads(text), toml_lines(text))
    except tomllib.TOMLDecodeError as error:
        mended = _mended(text, file, complaints)
        if mended != text:
            return parse_toml(mended, file=file, complaints=complaints)
        place = _LINE.search(str(error))
        complaints.add(
            f"不是有效的 TOML：{error}",
            "请改正这一行的写法（文字加引号、表头用方括号、同一名称只写一次）",
            file=file,
            line=int(place[1]) if place else None,
        )
        return None


def _mended(text: str, file: str, complaints: Complaints) -> str:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        code, hash_, comment = line.partition("#")
        for found in _NO_SECONDS.finditer(code):
            remedy = f"TOML 的时间要写到秒，请写 {found[1]}:00"
            complaints.add(f"时间“{found[1]}”没有写秒", remedy, file=file, line=number + 1)
        lines[number] = _NO_SECONDS.sub(r"\1:00", code) + hash_ + comment
    return "\n".join(lines)


def read_text(path: Path, *, file: str, complaints: Complaints) -> str | None:
    """The text of a UTF-8 file; text in another Chinese encoding is noted, and still read where it can be."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        complaints.add("没有这个文件", "请补上，可从示例数据包 districts/sample 复制后改", file=file)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        remedy = "请另存为 UTF-8（表格软件里选“CSV UTF-8”）"
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            complaints.add("文件不是文本，或已损坏", remedy, file=file, line=line)
            return None
        complaints.add("文件不是 UTF-8 编码，看来是 GBK", remedy, file=file, line=line)
        return text


def read_toml(path: Path, *, file: str, complaints: Complaints) -> TomlSource | None:
    """The file as a source; None after noting what is wrong with it."""
    text = read_text(path, file=file, complaints=complaints)
    return None if text is None else parse_toml(text, file=file, complaints=complaints)
