from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

GROWQR = str(Path(sys.executable).with_name("growqr"))


def growqr(*arguments, stdin="", **environment):
    """Run the installed command in a process of its own."""
    return subprocess.run(
        [GROWQR, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


def test_help_lists_the_commands_and_loads_no_engine():
    code = "import sys, growqr_app.cli; print([n for n in ('spacy', 'httpx', 'pydantic', 'rich') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert "golden" in growqr("--help").stdout


def test_route_prints_a_decision_for_people():
    done = growqr("route", "mock interview for a nurse, 20 minutes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "interview / practice.preview" in done.stdout
    assert "15 (asked for 20)" in done.stdout


def test_output_has_no_colours_where_there_is_no_terminal():
    assert "\x1b" not in growqr("route", "mock interview for a nurse").stdout


def test_route_prints_one_line_of_json_for_programs():
    done = growqr("route", "make it harder", "--state", "draft", "--json")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["intent"] == "draft.regenerate"


def test_route_reads_jsonl_from_standard_input_and_goes_on_after_a_bad_line():
    lines = '{"id": 1, "text": "yes", "context": {"state": "draft"}}\n{oops\n{"id": 3, "text": "fix my resume"}\n'
    done = growqr("route", "--jsonl", "-", stdin=lines)
    first, bad, last = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["intent"]) == (1, "draft.approve")
    assert bad["line"] == 2
    assert (last["id"], last["route"]) == (3, "resume")
    assert done.returncode == 0


def test_route_reads_jsonl_from_a_file(tmp_path):
    path = tmp_path / "messages.jsonl"
    path.write_text('{"text": "fix my resume"}\n', encoding="utf-8")
    assert json.loads(growqr("route", "--jsonl", str(path)).stdout)["route"] == "resume"


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    path = tmp_path / "messages.jsonl"
    path.write_text('{"text": "fix my resume"}\n' * 2000, encoding="utf-8")
    command = f"{GROWQR} route --jsonl {path} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["route"], "--jsonl"),
        (["route", "yes", "--jsonl", "-"], "--jsonl"),
        (["route", "yes", "--state", "open"], "draft"),
        (["route", "yes", "--role", "boss"], "seeker"),
        (["route", "--jsonl", "nowhere.jsonl"], "nowhere.jsonl: No such file"),
        (["route", "--jsonl", "/"], "/: Is a directory"),
        (["golden", "run", "nowhere.yaml"], "nowhere.yaml"),
        (["chat", "--service-url", "localhost:80"], "http://"),
        (["chat", "--role", "boss"], "seeker"),
        (["token", "--user", "u1", "--org", "o1", "--role", "king"], "Allowed: seeker"),
        (["sandbox", "--port", "70000"], "65535"),
        (["sandbox", "--state", "/nowhere/state.json"], "/nowhere/state.json"),
        (["graph", "--svg", "/nowhere/graph.svg"], "graph"),
        (["dance"], "dance"),
    ],
)
def test_a_users_mistake_is_one_message_and_exit_code_2(arguments, said):
    done = growqr(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_port_that_is_in_use_is_told_with_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = growqr("sandbox", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert done.stderr == "growqr: The port is in use. Choose another one with --port; 0 takes a free one.\n"
