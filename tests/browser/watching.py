"""What no page may do: write an error to the console, break its content policy, ask another host, lack a file."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# The browser notes each 4xx answer in its console; which answers are right is judged by `_answered`.
_STATUS_NOTE = "Failed to load resource: the server responded with a status of"
_PAGES = ("document", "xhr", "fetch")


class Watch:
    """Listens to a context from its first page on; `found` must stay empty."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.found: list[str] = []
        self._home = home
        context.on("console", self._said)
        context.on("weberror", self._failed)
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_STATUS_NOTE):
            self.found.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _failed(self, error: WebError) -> None:
        self.found.append(f"script: {error.error}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._home, "data:", "blob:", "about:")):
            self.found.append(f"foreign host: {request.url}")

    def _answered(self, response: Response) -> None:
        kind, status = response.request.resource_type, response.status
        if status >= 500 or (status >= 400 and kind not in _PAGES):
            self.found.append(f"answer {status}: {response.url}")
