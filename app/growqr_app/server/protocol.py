"""HTTP/1.1 as uvicorn speaks it, but a client that does not get its request's head out in time is let go."""

from __future__ import annotations

import asyncio
import json

from uvicorn.protocols.http.h11_impl import H11Protocol

from growqr_app.server.problems import MEDIA_TYPE, TITLES


class PatientProtocol(H11Protocol):
    """One connection."""

    patience = 10.0
    """Seconds from the first byte of a request (of a connection: from its start) to the end of its head."""
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        if self._late is None and self._between():
            self._wait()
        super().data_received(data)
        if not self._between():
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in the same form as everything else."""
        details = {"type": "urn:growqr:problem:http", "title": TITLES[400], "status": 400, "detail": msg}
        body = json.dumps(details).encode()
        head = f"HTTP/1.1 400 Bad Request\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
        self.transport.write(head.encode() + b"Connection: close\r\n\r\n" + body)
        self.transport.close()

    def _between(self) -> bool:
        """No request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._late = self.loop.call_later(self.patience, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def patient(seconds: float) -> type[PatientProtocol]:
    """The protocol with another patience."""
    return type("PatientProtocol", (PatientProtocol,), {"patience": seconds})
