"""The canonical form of the journal (journal.md section 3): one value, one sequence of bytes.

UTF-8 JSON without spaces, keys sorted, no decimals. Within the limits that are checked here the standard
library's encoder and RFC 8785 give the same bytes, so an outsider needs nothing of ours to recompute a hash.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Self

from pydantic_core import from_json

from yukuaiban.core.errors import InputInvalid, Problem

MAX_INTEGER = 2**53 - 1  # the largest that every JSON reader keeps exactly
MAX_DEPTH = 32

_KEY = re.compile(r"[A-Za-z0-9_]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)


class CanonicalError(InputInvalid):
    """A value has no canonical form. `path` names the place, such as `body.data.items[2]`; empty for the whole."""

    def __init__(self, why: str, remedy: str = "", *, path: str = "") -> None:
        super().__init__(Problem(why, remedy, field=path))
        self.why, self.remedy, self.path = why, remedy, path

    def under(self, step: str) -> Self:
        """The same complaint, seen from one level further out."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        return type(self)(self.why, self.remedy, path=f"{step}{joint}{self.path}")


def canonical(value: object) -> bytes:
    """The canonical bytes of a value made of str, int, bool, None, list, tuple and dict.

    Raises CanonicalError, naming the path, for anything else: other types, decimals, integers beyond ±(2^53-1),
    keys outside `[A-Za-z0-9_]+`, strings that are not in NFC or hold a lone surrogate.
    """
    _check(value, MAX_DEPTH)
    return _ENCODER.encode(value).encode()


def parse(text: bytes) -> Any:
    """The value of canonical bytes. Raises CanonicalError if these are not the canonical bytes of any value.

    What decides is encoding the value again. Of most texts it is plain without that: see `_plainly`.
    """
    try:
        return _plainly(text)
    except (_Doubtful, ValueError):
        return parse_by_encoding(text)


def parse_by_encoding(text: bytes) -> Any:
    """The same as `parse`, always the long way: the value is encoded again and compared."""
    try:
        value = _DECODER.decode(text.decode())
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise CanonicalError(f"不是 JSON：{error}") from error
    if canonical(value) != text:
        raise CanonicalError("不是规范形式", "键须排序且不重复，不留空格，只用规定的转义")
    return value


def nfc(value: Any) -> Any:
    """The same value with every string in NFC and every tuple a list: what a reader of input calls first."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {nfc(key): nfc(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [nfc(part) for part in value]
    return value


def _check(value: object, depth: int) -> None:
    """Refuse what has no canonical form. Paths are put together only on the way out of a refusal."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise CanonicalError("整数超出 ±(2^53−1)", "过大的数请写成文字")
    elif depth == 0:
        raise CanonicalError(f"嵌套超过 {MAX_DEPTH} 层")
    elif isinstance(value, dict):
        _check_object(value, depth)
    elif isinstance(value, list | tuple):
        _check_array(value, depth)
    else:
        raise CanonicalError(
            f"不能留痕的类型 {type(value).__name__}", "小数请写成文字，金额用分，时间用规定格式"
        )


def _check_text(value: str) -> None:
    if value.isascii():
        return
    if _SURROGATE.search(value):
        raise CanonicalError("文字含有不成对的代理字符", "请重新输入这段文字")
    if not unicodedata.is_normalized("NFC", value):
        raise CanonicalError("文字不是 NFC 形式", "读入时应先规范为 NFC")


def _check_object(value: dict[Any, Any], depth: int) -> None:
    for key, part in value.items():
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise CanonicalError("键只能由英文字母、数字和下划线组成", path=ascii(key))
        try:
            _check(part, depth - 1)
        except CanonicalError as error:
            raise error.under(key) from None


def _check_array(value: list[Any] | tuple[Any, ...], depth: int) -> None:
    for place, part in enumerate(value):
        try:
            _check(part, depth - 1)
        except CanonicalError as error:
            raise error.under(f"[{place}]") from None


class _Doubtful(Exception):
    """Not plainly canonical."""


def _plainly(text: bytes) -> Any:
    """The value of a text that needs no second encoding. Raises _Doubtful or ValueError for all others.

    Without a blank and a backslash, JSON leaves a writer no choice but the order, number and names of keys and the
    form of numbers; these are looked at here. The whole being in NFC, so is each string in it. A zero might be `-0`.
    """
    if b"\\" in text or b" " in text or b"\n" in text or b"\r" in text or b"\t" in text:
        raise _Doubtful
    value = from_json(text, allow_inf_nan=False, cache_strings="keys")
    # No string holds a quotation mark, so each `":` ends a key (or begins a string, which only adds a doubt).
    if _plain_keys(value, MAX_DEPTH) != text.count(b'":'):
        raise _Doubtful
    if not text.isascii() and not unicodedata.is_normalized("NFC", text.decode()):
        raise _Doubtful
    return value


def _plain_keys(value: object, depth: int) -> int:
    """How many keys there are in the value, all of them well-formed and in order."""
    if not depth:
        raise _Doubtful
    if type(value) is dict:
        names = tuple(value)
        if names not in _shapes:
            _learn(names)
        return len(names) + _plain_parts(value.values(), depth - 1)
    return _plain_parts(value if type(value) is list else (value,), depth - 1)


def _plain_parts(parts: Iterable[object], depth: int) -> int:
    keys = 0
    for part in parts:
        kind = type(part)
        if kind is str or part is None or kind is bool:
            continue
        if kind is dict or kind is list:
            keys += _plain_keys(part, depth)
        elif not (isinstance(part, int) and part and -MAX_INTEGER <= part <= MAX_INTEGER):
            raise _Doubtful
    return keys


def _learn(names: tuple[str, ...]) -> None:
    if not all(map(_KEY.fullmatch, names)) or list(names) != sorted(names):
        raise _Doubtful
    if len(_shapes) < _MOST_SHAPES:
        _shapes.add(names)


def _no_decimal(text: str) -> object:
    raise CanonicalError(f"不能有小数或特殊数 {text}", "小数请写成文字")


_DECODER = json.JSONDecoder(parse_float=_no_decimal, parse_constant=_no_decimal)
_MOST_SHAPES = 10_000
# Keys that were found well-formed and in order: some hundred in a journal.
_shapes: set[tuple[str, ...]] = set()
