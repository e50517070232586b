"""The client's side of a live session: a WebSocket that is opened, held and closed."""

from __future__ import annotations

import json
from contextlib import ExitStack
from urllib.parse import urlsplit, urlunsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException
from websockets.sync.client import ClientConnection, connect

from growqr_app.errors import UserError

_OPEN_TIMEOUT = 10.0  # seconds
_GREETING_TIMEOUT = 1.0


class LiveSession:
    """At most one open WebSocket; websockets answers its pings in a thread of its own."""

    def __init__(self, base_url: str, token: str | None) -> None:
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._held = ExitStack()
        self._connection: ClientConnection | None = None

    @property
    def is_open(self) -> bool:
        """Whether a session is being held."""
        return self._connection is not None

    def open(self, path: str) -> str | None:
        """Open the WebSocket at `path` of the service; return the text with which the service greets, if it does.

        Raises:
            UserError: one is open already, or the service does not accept it.
        """
        if self._connection is not None:
            raise UserError("A live session is open already.")
        try:
            url = websocket_url(self._base_url, path)
            self._connection = self._held.enter_context(
                connect(url, additional_headers=self._headers, open_timeout=_OPEN_TIMEOUT)
            )
        except (InvalidHandshake, WebSocketException, OSError) as error:
            raise UserError(f"The service did not accept the WebSocket {path}: {error}.") from error
        return _greeting(self._connection)

    def close(self) -> None:
        """Close the WebSocket; without an open one nothing happens."""
        self._connection = None
        self._held.close()


def _greeting(connection: ClientConnection) -> str | None:
    """The `text` of the first JSON object that comes within a second."""
    try:
        first = json.loads(connection.recv(timeout=_GREETING_TIMEOUT))
    except (TimeoutError, ConnectionClosed, ValueError):
        return None
    text = first.get("text") if isinstance(first, dict) else None
    return text if isinstance(text, str) else None


def websocket_url(base_url: str, path: str) -> str:
    """The `ws` or `wss` address of `path` at the service whose HTTP address is `base_url`.

    Example:
        >>> websocket_url("https://interviews.example/base/", "/api/v1/session/s1")
        'wss://interviews.example/base/api/v1/session/s1'
    """
    base = urlsplit(base_url)
    scheme = "wss" if base.scheme == "https" else "ws"
    return urlunsplit((scheme, base.netloc, base.path.rstrip("/") + path, "", ""))
