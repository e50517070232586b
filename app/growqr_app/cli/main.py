"""The `growqr` command: one verb per function; each imports what it needs when it runs, so that `--help` is quick."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from growqr_app.cli.golden import golden
from growqr_app.cli.options import Config, Database, Role, State
from growqr_app.cli.rules import rules
from growqr_app.cli.store import store
from growqr_app.errors import EXIT_UNUSABLE, UserError

app = typer.Typer(
    name="growqr",
    help="Route messages, play and test the interview workflow. Rules only: no LLM, a reason for every decision.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group, name in ((golden, "golden"), (rules, "rules"), (store, "store")):
    app.add_typer(group, name=name)


@app.command()
def demo() -> None:
    """Play a recorded conversation against the sandbox service, turn by turn, to `reviewed`."""
    from growqr_app.demo import play_demo

    raise typer.Exit(play_demo())


@app.command()
def chat(
    *,
    service_url: Annotated[str | None, typer.Option(help="A real interview-service. Default: the sandbox.")] = None,
    role: Annotated[str | None, typer.Option(help="What you are: seeker or admin.")] = None,
    user_id: Annotated[str | None, typer.Option(help="Default: user_local.")] = None,
    org_id: Annotated[str | None, typer.Option(help="Default: org_local.")] = None,
    email: Annotated[str | None, typer.Option(help="Your e-mail address.")] = None,
    db: Annotated[str | None, typer.Option(metavar="PATH|postgresql://...", help="Default: memory only.")] = None,
    conversation: Annotated[str, typer.Option(help="Which conversation of the database to go on with.")] = "chat",
    config: Config = None,
) -> None:
    """Talk to the agent. The token for a real service is read from GROWQR_SERVICE_TOKEN."""
    from growqr_app.chat import hold_chat
    from growqr_app.settings import load_settings

    me = {"role": role, "user_id": user_id, "org_id": org_id, "user_email": email}
    hold_chat(load_settings(config, service_url=service_url, db=db, **me), conversation)


@app.command()
def route(
    text: Annotated[str | None, typer.Argument(help="The message.")] = None,
    *,
    state: State = "none",
    role: Role = "seeker",
    json: Annotated[bool, typer.Option("--json", help="Print the decision as one line of JSON.")] = False,
    jsonl: Annotated[str | None, typer.Option(metavar="FILE|-", help="Route each line of a JSONL file.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="With --jsonl: so many processes.")] = 1,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="With --jsonl: write to this file.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after the last whole line of --output.")] = False,
    progress: Annotated[
        bool | None, typer.Option(help="With --jsonl: show how far it is; default: on a terminal.")
    ] = None,
) -> None:
    """Print the decision for one message, or with --jsonl one decision per line of a file."""
    from growqr_app import routing

    if (text is None) == (jsonl is None):
        raise UserError("Give either a message or --jsonl FILE (`-` reads standard input).")
    run = routing.Run(workers=workers, output=output, resume=resume, progress=progress)
    if resume and output is None:
        raise UserError("--resume needs --output FILE, the file to go on with.")
    if jsonl is not None:
        routing.route_file(jsonl, run)
    elif run != routing.Run():
        raise UserError("--workers, --output, --resume and --progress go with --jsonl FILE.")
    elif text is not None:
        routing.route_one(text, state=state, role=role, as_json=json)


@app.command()
def explain(text: Annotated[str, typer.Argument(help="The message.")], *, state: State = "", role: Role = "") -> None:
    """Show stage by stage how a message was read."""
    from growqr_app.study import explain_message

    explain_message(text, state=state, role=role)


@app.command("why-not")
def why_not(
    text: Annotated[str, typer.Argument(help="The message.")],
    intent: Annotated[str, typer.Argument(help="The intent or route that was expected.")],
    *,
    state: State = "",
    role: Role = "",
) -> None:
    """Say what another reading lacked, and the smallest change that would flip the decision."""
    from growqr_app.study import explain_why_not

    explain_why_not(text, intent, state=state, role=role)


@app.command("eval")
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="JSONL files of labelled messages.")],
    *,
    folds: Annotated[int, typer.Option(min=0, help="Refit without each of so many folds of the pack's examples.")] = 0,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the figures as JSON.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the figures as a page.")] = None,
) -> None:
    """Measure the router on labelled messages; the pack's own example files are held out while they are judged."""
    from growqr_app.study import evaluate_files

    evaluate_files(files, folds=folds, json_file=json, html_file=html)


@app.command()
def replay(
    *,
    db: Database = None,
    conversation: Annotated[str | None, typer.Option(help="One conversation's id.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All conversations.")] = False,
    pack: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Another pack than the one that ships.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One line of JSON for each message that changes.")] = False,
) -> None:
    """Route recorded messages again and show what would change. Exit code: 0 nothing, 1 something."""
    from growqr_app.keeping import replay_messages
    from growqr_app.settings import named_database

    if (conversation is None) != everything:
        raise UserError("Give either --conversation ID or --all.")
    raise typer.Exit(replay_messages(named_database(db), conversation, pack, as_json=json))


@app.command()
def graph(
    *,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Write an SVG (needs graphviz) instead.")] = None,
) -> None:
    """Print the workflow as a Mermaid state diagram."""
    from growqr_app.graph import show_graph

    show_graph(svg)


@app.command()
def sandbox(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Loopback port; 0 takes a free one.")] = 8090,
    state: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep what it holds in this file.")] = None,
    latency: Annotated[float, typer.Option(min=0, max=60, help="Seconds that every answer takes longer.")] = 0.0,
) -> None:
    """Serve the sandbox interview-service until interrupted."""
    from growqr_app.standalone import serve_sandbox

    serve_sandbox(port, state, latency)


@app.command("serve")
def serve_http(
    *,
    config: Config = None,
    host: Annotated[str | None, typer.Option(help="Default: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Default: 8080; 0 takes a free one.")] = None,
    db: Annotated[str | None, typer.Option(metavar="PATH|postgresql://...", help="Default: memory only.")] = None,
    service_url: Annotated[str | None, typer.Option(help="A real interview-service. Default: the sandbox.")] = None,
) -> None:
    """Serve the router and the agent over HTTP until interrupted; `growqr config` shows all settings."""
    from growqr_app.server import serve
    from growqr_app.settings import load_settings

    serve(load_settings(config, host=host, port=port, db=db, service_url=service_url))


@app.command("config")
def show_config(
    *, config: Config = None, json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
) -> None:
    """Show the settings in force: environment (GROWQR_*), `.env`, file, defaults. Secrets are hidden."""
    from growqr_app.configured import show_settings
    from growqr_app.settings import load_settings

    show_settings(load_settings(config), as_json=json)


@app.command()
def token(
    user: Annotated[str, typer.Option("--user", help="Whom the token is for.")],
    org: Annotated[str, typer.Option("--org", help="Their organisation.")],
    *,
    role: Role = "seeker",
) -> None:
    """Make a bearer token for the server, and its entry for GROWQR_TOKENS_FILE."""
    from growqr_app.configured import make_token

    make_token(user, org, role)


@app.command()
def playground(
    *, port: Annotated[int, typer.Option(min=0, max=65535, help="Loopback port; 0 takes a free one.")] = 8080
) -> None:
    """Serve a page that shows why a message is decided as it is, against a sandbox, until interrupted."""
    from growqr_app.playground.run import serve_playground

    serve_playground(port)


def main() -> None:
    """Run the command line; a user's mistake becomes one message on standard error and exit code 2."""
    try:
        app()
    except BrokenPipeError:
        _let_go_of_stdout()
    except _mistakes() as error:
        sys.stderr.write(f"growqr: {_describe(error)}\n")
        sys.exit(getattr(error, "exit_code", EXIT_UNUSABLE))


def _mistakes() -> tuple[type[Exception], ...]:
    """The errors that a person can put right; imported only once something went wrong."""
    from growqr_rules import RulesError
    from growqr_workflows import StoreError

    return (UserError, RulesError, StoreError, OSError)


def _describe(error: Exception) -> str:
    if isinstance(error, OSError):
        if error.errno == errno.EADDRINUSE:
            return "The port is in use. Choose another one with --port; 0 takes a free one."
        told = error.strerror or str(error)
        return told if error.filename is None else f"{error.filename}: {told}"
    return str(error)


def _let_go_of_stdout() -> None:
    """Nobody reads on (`growqr ... | head`): keep the interpreter from complaining when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
