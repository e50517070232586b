"""`growqr sandbox`: the sandbox interview-service alone."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from rich.text import Text

from growqr_app import show
from growqr_app.errors import UserError
from growqr_testkit.sandbox import Sandbox, sandbox_token, serve

_USER, _ORG = "user_local", "org_local"


def serve_sandbox(port: int, state: Path | None, latency: float) -> None:
    """Serve on the loopback `port` until interrupted, and say how to reach it.

    Raises:
        OSError: the port is taken.
        UserError: there is no folder for `state`.
        RulesError: `state` is no state that a sandbox has kept.
    """
    with serve(_sandbox(state, latency), port=port) as base_url:
        console = show.console()
        console.print(show.banner("sandbox", "an interview-service in which nothing is real; Ctrl-C ends it"))
        console.print(
            show.facts(
                {
                    "address": base_url,
                    "contract": f"{base_url}/openapi.json",
                    "latency": f"{latency:g} s",
                    "kept in": str(state) if state else "memory only",
                    "try": f"this, as {_USER} of {_ORG}:",
                }
            )
        )
        command = f"GROWQR_SERVICE_TOKEN={sandbox_token(_USER, _ORG)} growqr chat --service-url {base_url}"
        console.print(Text(command), soft_wrap=True)  # on one line, to be copied
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


def _sandbox(state: Path | None, latency: float) -> Sandbox:
    if state is not None and not state.parent.is_dir():
        raise UserError(f"{state}: there is no folder {state.parent}.")
    return Sandbox(state_file=state, latency=latency)
