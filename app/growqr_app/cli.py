"""The `growqr` command: one verb per function; each imports what it needs when it runs, so that `--help` is quick."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from growqr_app.errors import EXIT_UNUSABLE, UserError

app = typer.Typer(
    name="growqr",
    help="Route messages, play and test the interview workflow. Rules only: no LLM, a reason for every decision.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
golden = typer.Typer(help="Golden conversations.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(golden, name="golden")
rules = typer.Typer(help="Rule packs.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rules, name="rules")
store = typer.Typer(help="What is kept about people.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(store, name="store")

State = Annotated[str, typer.Option(help="The workflow state in which the message arrives.")]
Database = Annotated[
    str | None, typer.Option(metavar="PATH|postgresql://...", help="Where conversations are kept; default: GROWQR_DB.")
]
Config = Annotated[Path | None, typer.Option(metavar="FILE", help="A TOML file; default: growqr.toml, if it exists.")]
Role = Annotated[str, typer.Option(help="What the signed-in person is: seeker or admin.")]
Labelled = Annotated[
    list[Path] | None, typer.Option("--messages", metavar="FILE", help="JSONL of labelled messages; may be repeated.")
]
PackFolder = Annotated[
    Path | None, typer.Option("--pack", metavar="FOLDER", help="Another pack than the one that ships.")
]
JsonFile = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the report as JSON to this file.")]
FloorFile = Annotated[
    Path | None, typer.Option("--floor", metavar="FILE", help="A YAML file of the figures below which it fails.")
]
PackArgument = Annotated[Path | None, typer.Argument(help="A pack's folder; default: the one that ships.")]


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


@rules.command("build")
def rules_build(
    folder: Annotated[Path | None, typer.Argument(help="A pack's folder; default: the one that ships.")] = None,
) -> None:
    """Fit a pack's weights, vocabulary and calibration to its examples."""
    from growqr_app.study import build_pack

    build_pack(folder)


@rules.command("lint")
def rules_lint(
    folder: PackArgument = None,
    *,
    messages: Labelled = None,
    examples: Annotated[int, typer.Option(min=0, help="How many of the pack's own examples to route.")] = 2000,
    json: JsonFile = None,
    floor: FloorFile = None,
) -> None:
    """Show what is dead, shadowed, claimed twice or thin in a pack. Exit code 1: there are problems."""
    from growqr_app.packs import lint_pack

    raise typer.Exit(lint_pack(folder, messages or [], examples, json_file=json, floor=floor))


@rules.command("diff")
def rules_diff(
    one: Annotated[str, typer.Argument(help="A pack's folder, or a git revision: REV or REV:FOLDER.")],
    other: Annotated[str, typer.Argument(help="The same for the pack to compare it with.")],
    *,
    messages: Labelled = None,
    json: JsonFile = None,
) -> None:
    """Show which labelled messages two packs decide differently. Exit code: 0 none, 1 some."""
    from growqr_app.packs import diff_packs

    raise typer.Exit(diff_packs(one, other, messages or [], json))


@rules.command("schema")
def rules_schema() -> None:
    """Print the JSON Schema of a pack's files, for editors."""
    from growqr_app.packs import show_schema

    show_schema()


@rules.command("stats")
def rules_stats(folder: PackArgument = None) -> None:
    """Show how much of what a pack has."""
    from growqr_app.packs import show_stats

    show_stats(folder)


Goldens = Annotated[list[Path], typer.Argument(help="Files, or folders with goldens in them.")]


@golden.command("run")
def golden_run(
    paths: Goldens,
    *,
    words: Annotated[str | None, typer.Option("-k", metavar="TEXT", help="Only those with this in their name.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only those with this tag; several: with any of them.")] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first that differs.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Again whenever a golden or the pack changes.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Make expectations say what came, after a look.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --accept: do not ask.")] = False,
    pack: PackFolder = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JSON to this file.")] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JUnit XML.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as a page.")] = None,
) -> None:
    """Play golden conversations. Exit code: 0 all hold, 1 some differ, 2 unusable input."""
    from growqr_app.goldens import GoldenRun, run_goldens

    run = GoldenRun(
        paths=paths, pack=pack, words=words, tags=tag or (), fail_fast=fail_fast,
        json_file=json, junit_file=junit, html_file=html,
    )  # fmt: skip
    if yes and not accept:
        raise UserError("--yes goes with --accept.")
    if accept and watch:
        raise UserError("Give either --accept or --watch.")
    if accept:
        from growqr_app.accepting import accept_goldens

        raise typer.Exit(accept_goldens(run, ask=not yes))
    if watch:
        from growqr_app.watching import watch_goldens

        raise typer.Exit(watch_goldens(run))
    raise typer.Exit(run_goldens(run))


@golden.command("lint")
def golden_lint(paths: Goldens, *, pack: PackFolder = None) -> None:
    """Say all that is wrong with goldens, with file and line, without playing them."""
    from growqr_app.goldens import lint_goldens

    lint_goldens(paths, pack)


@golden.command("record")
def golden_record(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The golden file to write; it must not exist yet.")],
    *,
    log: Annotated[Path | None, typer.Option(metavar="FILE", help="JSONL of messages: a `text` on each line.")] = None,
    db: Annotated[str | None, typer.Option(metavar="PATH|postgresql://...", help="The store to take it from.")] = None,
    conversation: Annotated[str | None, typer.Option(metavar="ID", help="Which conversation of the store.")] = None,
    name: Annotated[str | None, typer.Option(help="The golden's name; default: the file's.")] = None,
    role: Role = "seeker",
    email: Annotated[str | None, typer.Option(help="The person's address, to be replaced.")] = None,
    person: Annotated[str | None, typer.Option(help="The name in the person's profile, to be replaced.")] = None,
) -> None:
    """Write a golden of a chat, of a conversation in a store (--db), or of a log of messages (--log)."""
    from growqr_app.recording import record_chat, record_log, record_store
    from growqr_testkit.golden.record import About

    if (db is None) != (conversation is None) or (db and log):
        raise UserError("Give --log FILE, or --db PATH with --conversation ID, or none of them to chat.")
    about = About(name=name or out.name.partition(".")[0], role=role, email=email, person=person)
    if log is not None:
        record_log(out, about, log)
    elif db is not None and conversation is not None:
        record_store(out, about, db, conversation)
    else:
        record_chat(out, about)


@golden.command("schema")
def golden_schema() -> None:
    """Print the JSON Schema of golden files."""
    from growqr_app.goldens import print_schema

    print_schema()


@golden.command("coverage")
def golden_coverage(
    paths: Goldens,
    *,
    messages: Labelled = None,
    pack: PackFolder = None,
    json: JsonFile = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as a page.")] = None,
    floor: FloorFile = None,
) -> None:
    """Show what goldens reach of a pack, and what they do not. Exit code 1: below the floor, or a golden differs."""
    from growqr_app.proof import cover_goldens

    code = cover_goldens(paths, messages or [], pack=pack, json_file=json, html_file=html, floor=floor)
    raise typer.Exit(code)


@golden.command("mutate")
def golden_mutate(
    paths: Goldens,
    *,
    messages: Labelled = None,
    pack: PackFolder = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same mutants in the same order.")] = 0,
    budget: Annotated[float | None, typer.Option(min=0, metavar="SECONDS", help="Begin no mutant after this.")] = None,
    singles: Annotated[int, typer.Option(min=0, help="How many single phrases to drop, one at a time.")] = 200,
    json: JsonFile = None,
    floor: FloorFile = None,
) -> None:
    """Break rules one by one, in memory, and show what no golden notices. Exit code 1: below the floor."""
    from growqr_app.proof import mutate_goldens

    code = mutate_goldens(
        paths, messages or [], pack=pack, seed=seed, budget=budget, singles=singles, json_file=json, floor=floor
    )
    raise typer.Exit(code)


User = Annotated[str, typer.Option("--user", help="The user's id.")]
Organisation = Annotated[str | None, typer.Option("--org", help="Only in this organisation.")]


def _kept_at(db: str | None) -> str:
    from growqr_app.settings import load_settings

    kept_at = load_settings(db=db).db
    if kept_at == ":memory:":
        raise UserError("Name the database: --db, or GROWQR_DB.")
    return kept_at


@store.command("export")
def store_export(user: User, db: Database = None, org: Organisation = None) -> None:
    """Print all that is kept about a user, as JSON."""
    from growqr_app.keeping import export

    export(_kept_at(db), user, org)


@store.command("erase")
def store_erase(user: User, db: Database = None, org: Organisation = None) -> None:
    """Delete all that is kept about a user; the audit trail keeps the calls, no longer by whom."""
    from growqr_app.keeping import erase

    erase(_kept_at(db), user, org)


@store.command("expire")
def store_expire(
    days: Annotated[float, typer.Option(min=0, help="Older than so many days.")], db: Database = None
) -> None:
    """Delete conversations and calls that were not touched for a while."""
    from growqr_app.keeping import expire

    expire(_kept_at(db), days)


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

    if (conversation is None) != everything:
        raise UserError("Give either --conversation ID or --all.")
    raise typer.Exit(replay_messages(_kept_at(db), conversation, pack, as_json=json))


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
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _let_go_of_stdout() -> None:
    """Nobody reads on (`growqr ... | head`): keep the interpreter from complaining when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
