"""`growqr chat`: the agent, with a person typing."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from rich.console import Console
from rich.text import Text

from growqr_app import show
from growqr_app.database import Synchronous
from growqr_app.errors import UserError
from growqr_app.seat import Seat, Service, Turn, sandbox_service
from growqr_app.settings import Settings
from growqr_app.turns import show_turn
from growqr_router import Router
from growqr_workflows import Principal

_BLOCK = '"""'
_HELP = f"""\
/why    everything about the last decision
/state  where the conversation stands
/live   open the WebSocket of the session that was handed over
/end    close it
/video  tell the agent that the recording of the session is uploaded
/help   this list
/quit   leave (so does the end of the input)
A message of several lines stands between two lines of {_BLOCK}"""


def hold_chat(settings: Settings, conversation_id: str) -> None:
    """Talk as `talk` does; without a service's address a sandbox is started for it.

    A conversation that the store holds is gone on with.

    Raises:
        UserError: the role is not one of the pack's.
    """
    me, db = settings.local_principal(), settings.db
    with ExitStack() as stack:
        if settings.service_url is None:
            # A sandbox that forgets would not know the sessions of a conversation that is kept.
            state_file = Path(f"{db}.sandbox") if db != ":memory:" and "://" not in db else None
            service = stack.enter_context(sandbox_service(me, state_file))
        else:
            token = settings.service_token
            secret = token.get_secret_value() if token else None
            service = Service(base_url=settings.service_url, token=secret, sandbox=None)
        talk(service, me, db=db, synchronous=settings.synchronous, conversation_id=conversation_id)


def talk(
    service: Service,
    me: Principal,
    *,
    db: str = ":memory:",
    synchronous: Synchronous = "NORMAL",
    conversation_id: str = "chat",
) -> list[Turn]:
    """Talk until `/quit` or the end of the input. Returns what was said from now on.

    Raises:
        UserError: the role is not one of the pack's.
    """
    roles = tuple(Router.default().pack.manifest.roles)
    if me.role not in roles:
        raise UserError(f"There is no role {me.role!r}.", allowed=roles)
    with Seat(service, me, db=db, synchronous=synchronous, conversation_id=conversation_id) as seat:
        console = show.console()
        console.print(show.banner("chat", f"{_which(service)}. /help lists the commands."))
        if seat.continues:
            console.print(show.facts(seat.view()))
        Chat(seat, console, typed=sys.stdin.isatty()).run(_read_lines(console))
        return seat.turns


def _which(service: Service) -> str:
    if service.sandbox is not None:
        return f"the sandbox service at {service.base_url} (nothing here is real)"
    return f"the REAL interview-service at {service.base_url}"


def _read_lines(console: Console) -> Iterator[str]:
    """Lines from a terminal with a prompt, or from a pipe without one, to their end."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\r\n") for line in sys.stdin)
        return
    with suppress(ImportError):  # not there on every system
        import readline  # noqa: F401, PLC0415 - gives `input` editing and history
    with suppress(EOFError, KeyboardInterrupt):
        while True:
            yield console.input(Text("you ▸ ", style="bold blue"))


class Chat:
    """What each line does."""

    def __init__(self, seat: Seat, console: Console, *, typed: bool) -> None:
        self._seat = seat
        self._console = console
        self._typed = typed
        self._commands: dict[str, Callable[[], None]] = {
            "/why": self._why,
            "/state": self._state,
            "/live": lambda: self._show(self._seat.open_session),
            "/end": lambda: self._show(self._seat.close_session),
            "/video": lambda: self._show(self._seat.confirm_upload),
            "/help": lambda: self._console.print(Text(_HELP)),
        }

    def run(self, lines: Iterator[str]) -> None:
        """Answer each message or command until `/quit` or the end of `lines`."""
        for line in lines:
            text = _block(lines) if line.strip() == _BLOCK else line.strip()
            if text == "/quit":
                return
            if text:
                self._answer(text)

    def _answer(self, text: str) -> None:
        try:
            if text.startswith("/"):
                self._command(text)()
            else:
                self._show(lambda: self._seat.say(text))
        except UserError as error:
            self._console.print(Text(show.clean(str(error)), style="yellow"))

    def _command(self, name: str) -> Callable[[], None]:
        if name not in self._commands:
            raise UserError(f"There is no command {name}.", allowed=(*self._commands, "/quit"))
        return self._commands[name]

    def _show(self, act: Callable[[], Turn]) -> None:
        turn = act()
        show_turn(self._console, self._seat, turn, echo=not self._typed)

    def _why(self) -> None:
        decided = next((turn for turn in reversed(self._seat.turns) if turn.answer.decision is not None), None)
        if decided is None or decided.answer.decision is None:
            raise UserError("Nothing was decided yet; say something first.")
        self._console.print(show.why(decided.answer.decision, decided.said))

    def _state(self) -> None:
        self._console.print(show.facts(self._seat.view()))


def _block(lines: Iterator[str]) -> str:
    """The lines up to the closing mark, or to the end of the input."""
    return "\n".join(itertools.takewhile(lambda line: line.strip() != _BLOCK, lines))
