"""What a witness asks of the log: five addresses under one URL; no other host, no redirect, nothing without an end."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Self
from urllib.parse import urlsplit

from yukuaiban.journal.notes import NoteError
from yukuaiban.journal.watching import NAMES, Pair

SECONDS = 20.0
_MOST_BYTES = 1_000_000
_MOST_STEPS = 128
_SHOWN = 300
_TRIES = 3


class Trouble(Exception):
    """Nothing could be judged: network, format, disk. Says what, in Chinese; nothing was signed."""


class Remote:
    """The public pages of a journal under `url`, such as `https://host` or `https://host/path`.

    `seconds` is how long one question may take altogether. Every method raises Trouble.
    """

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise Trouble(f"网址应以 http:// 或 https:// 开头，不带参数：{url}")
        if parts.username or parts.password:
            raise Trouble("网址里不能写账号和密码")
        try:
            port = parts.port
        except ValueError as error:
            raise Trouble(f"端口不对：{url}") from error
        self.url, self._seconds = url.rstrip("/"), seconds
        self._host, self._port, self._path = parts.hostname, port, parts.path.rstrip("/")
        self._kind: type[HTTPConnection] = HTTPSConnection if parts.scheme == "https" else HTTPConnection

    def newest(self) -> Pair:
        """Both notes of the newest checkpoint; asked for again if one was signed in between."""
        for left in reversed(range(_TRIES)):
            try:
                return Pair.read({name: self._text(f"/proof/checkpoints/{name}.txt") for name in NAMES})
            except NoteError as error:
                if not left:
                    raise Trouble(f"检查点读不出：{error}") from error
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def keys(self) -> list[str]:
        """The verifier keys that the log publishes."""
        return [line for line in self._text("/proof/keys.txt").splitlines() if line]

    def consistency(self, old: int, new: int) -> dict[str, list[bytes]]:
        """The proofs that the tree of `new` leaves begins with that of `old`, by the name of the hash."""
        text = self._text(f"/proof/consistency?from={old}&to={new}")
        try:
            told = json.loads(text)
            found = {name: [bytes.fromhex(step) for step in told[name]] for name in NAMES}
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Trouble("一致性证明读不出") from error
        if max(map(len, found.values())) > _MOST_STEPS:
            raise Trouble("一致性证明过长")
        return found

    def hand_in(self, size: int, lines: Mapping[str, str]) -> None:
        """Hand in the own signature lines under both notes of that size."""
        body = json.dumps({"size": size, "lines": lines}, ensure_ascii=False).encode()
        self._ask("POST", "/proof/cosignatures", body)

    def _text(self, path: str) -> str:
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> str:
        connection = self._kind(self._host, self._port, timeout=self._seconds)
        try:
            connection.connect()
            with _CutOff(connection.sock, self._seconds) as cut_off:
                connection.request(method, self._path + path, body, _HEADERS)
                with contextlib.closing(connection.getresponse()) as answer:
                    data = _read(answer, path)
                cut_off.check(path)
        except (HTTPException, OSError) as error:
            raise Trouble(f"{self.url}{path} 连不上，或没有按时答完：{error}") from error
        finally:
            connection.close()
        text = _decoded(data, path)
        if answer.status != HTTPStatus.OK:
            plain = answer.headers.get_content_type() == "text/plain"
            raise Trouble(f"{path} 答复 {answer.status}{f'：{_printable(text)}' if plain else ''}")
        return text


_HEADERS = {"Content-Type": "application/json", "Accept": "text/plain", "User-Agent": "yukuaiban-witness"}


class _CutOff:
    """Cuts a connection off after so many seconds altogether: a timeout of the socket starts anew with every byte."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._sock, self._late = sock, False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()

    def check(self, path: str) -> None:
        """Raises Trouble if the answer ended because it was cut off."""
        if self._late:
            raise Trouble(f"{path} 没有按时答完")

    def _cut(self) -> None:
        self._late = True
        with contextlib.suppress(OSError):  # the other side may have closed it meanwhile
            self._sock.shutdown(socket.SHUT_RDWR)


def _read(answer: HTTPResponse, path: str) -> bytes:
    if answer.status // 100 == 3:
        aim = _printable(answer.headers.get("Location", ""))
        raise Trouble(f"{path} 要求转到 {aim}，不予跟随；确属同一账本的，请改用那个网址")
    data = answer.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise Trouble(f"{path} 答复过长")
    return data


def _decoded(data: bytes, path: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Trouble(f"{path} 的答复不是 UTF-8 文本") from error


def _printable(text: str) -> str:
    """The beginning of a foreign text, without what would move the cursor of a terminal."""
    return "".join(letter for letter in text[:_SHOWN] if letter.isprintable())
