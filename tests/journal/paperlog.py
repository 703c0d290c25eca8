"""A log on paper: leaves, a key, checkpoints and proofs, without database; and servers that answer for it over HTTP."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from yukuaiban.core.merkle import BOTH, Digest, consistency, grown
from yukuaiban.journal.notes import Ed25519Signer, checkpoint_text, signed, with_lines

ORIGIN = "yukuaiban.sample/journal"
Answer = tuple[int, dict[str, str], bytes]
MISSING: Answer = (404, {}, b"")


@dataclass
class PaperLog:
    """What a log would publish; tests change it at will."""

    texts: list[bytes] = field(default_factory=lambda: [f"event {n}".encode() for n in range(11)])
    seed: bytes = b"k" * 32
    cosignatures: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    old_keys: list[str] = field(default_factory=list)

    def grown(self, *more: bytes) -> PaperLog:
        """The same log with more events."""
        return replace(self, texts=[*self.texts, *more], cosignatures=[])

    def rewritten(self, index: int) -> PaperLog:
        """The same log in which one event is another one: a fork behind it."""
        texts = [b"repainted" if n == index else text for n, text in enumerate(self.texts)]
        return replace(self, texts=texts, cosignatures=[])

    def cut(self, size: int) -> PaperLog:
        """The same log as it was at that size."""
        return replace(self, texts=self.texts[:size], cosignatures=[])

    def signer(self, digest: Digest) -> Ed25519Signer:
        return Ed25519Signer(f"{ORIGIN}/{digest.name}", self.seed)

    def key(self, digest: Digest = BOTH[0]) -> str:
        return self.signer(digest).verifier_line()

    def stretch(self, digest: Digest, start: int, end: int) -> bytes:
        return grown(digest, (digest.leaf(text) for text in self.texts[start:end])).root()

    def note(self, digest: Digest) -> str:
        size = len(self.texts)
        text = checkpoint_text(f"{ORIGIN}/{digest.name}", size, self.stretch(digest, 0, size))
        lines = [lines[digest.name] for held, lines in self.cosignatures if held == size]
        return with_lines(signed(text, self.signer(digest)), lines)

    def proofs(self, old: int, new: int) -> dict[str, list[str]]:
        return {
            each.name: [
                step.hex() for step in consistency(lambda a, b, d=each: self.stretch(d, a, b), old, new)
            ]
            for each in BOTH
        }

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        """As the site answers."""
        parts = urlsplit(target)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        for each in BOTH:
            if parts.path == f"/proof/checkpoints/{each.name}.txt":
                return 200, {}, self.note(each).encode()
        if parts.path == "/proof/keys.txt":
            lines = [*(self.key(each) for each in BOTH), *self.old_keys]
            return 200, {}, "".join(f"{line}\n" for line in lines).encode()
        if parts.path == "/proof/consistency":
            return 200, {}, json.dumps(self.proofs(int(asked["from"]), int(asked["to"]))).encode()
        if (method, parts.path) == ("POST", "/proof/cosignatures"):
            told = json.loads(body)
            self.cosignatures.append((told["size"], told["lines"]))
            return 200, {}, b"{}"
        return MISSING


class Door:
    """Where the server asks for its answers; a test puts another log or another way of answering behind it."""

    def __init__(self, log: PaperLog) -> None:
        self.log = log
        self.instead: Callable[[str, str], Answer | None] = lambda _method, _target: None
        self.raw: Callable[[BaseHTTPRequestHandler], bool] = lambda _handler: False
        self.asked: list[str] = []
        self.url = ""

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        self.asked.append(f"{method} {target}")
        return self.instead(method, target) or self.log.answer(method, target, body)


@contextmanager
def serving(door: Door, tls: ssl.SSLContext | None = None) -> Iterator[Door]:
    """The door on 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if door.raw(self):
                return
            status, headers, told = door.answer(self.command, self.path, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_about: object) -> None:
            """A client that hangs up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    door.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def evidence(state: Path) -> list[Path]:
    """The folders of evidence beside a state."""
    folder = state.with_name(f"{state.name}.evidence")
    return sorted(folder.iterdir()) if folder.exists() else []
