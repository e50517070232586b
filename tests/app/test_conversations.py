from __future__ import annotations

import json
import shutil

import pytest
from typer.testing import CliRunner

from growqr_app.cli import app
from growqr_app.demo import RECORDING, play_demo
from growqr_app.errors import UserError
from growqr_app.seat import Seat, sandbox_service
from growqr_app.settings import load_settings
from growqr_testkit.golden import load_conversations, run
from growqr_workflows import Principal

SAM = Principal(user_id="user_t", org_id="org_t")
EVERYTHING = """\
mock interview for a nurse, I want to see the questions first
/state
\"\"\"
Use these questions instead:
1. Why nursing?
2. What is triage?
\"\"\"
approve
start
/live
/end
how did I do?
/why
/dance
"""


def chat(lines, *arguments):
    """Run `growqr chat` with `lines` on standard input; what it printed."""
    done = CliRunner().invoke(app, ["chat", *arguments], input=lines, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.fixture
def seat():
    with sandbox_service(SAM) as service, Seat(service, SAM) as made:
        yield made


def test_the_demo_reaches_reviewed(capsys):
    """Over real HTTP, with the WebSocket opened and closed, and a route away in the middle."""
    assert play_demo() == 0
    shown = capsys.readouterr().out
    for part in ("interview / practice.preview", "asked for 20", "POST /api/v1/configure/approve  200", "resume"):
        assert part in shown
    assert "live → reviewed" in shown


def test_the_recorded_conversation_is_a_golden_that_holds():
    (result,) = run(load_conversations([RECORDING]))
    assert [str(difference) for difference in result.differences] == []


def test_a_demo_that_does_not_arrive_says_so_and_exits_with_1(tmp_path, capsys):
    short = tmp_path / "short.yaml"
    short.write_text("name: short\nturns:\n  - user: mock interview for a nurse\n", encoding="utf-8")
    assert play_demo(short) == 1
    assert "ended in the state draft, not in reviewed" in capsys.readouterr().err


def test_chat_plays_a_whole_conversation_from_a_pipe():
    shown = chat(EVERYTHING)
    assert "the sandbox service at http://127.0.0.1:" in shown
    assert "live → reviewed" in shown
    assert "2. What is triage?" in shown
    assert "There is no command /dance. Allowed: /why, /state" in shown


def test_chat_stops_at_quit():
    assert "nurse" not in chat("/quit\nmock interview for a nurse\n")


def test_chat_says_when_the_service_is_real_and_tells_a_failure_plainly():
    """Nothing listens on port 1, so the service is unavailable."""
    shown = chat("mock interview for a nurse\n", "--service-url", "http://127.0.0.1:1")
    assert "the REAL interview-service at http://127.0.0.1:1" in shown
    assert "[none]" in shown


def test_chat_uses_a_service_that_is_named():
    with sandbox_service(SAM) as service:
        arguments = ["--service-url", service.base_url, "--user-id", SAM.user_id, "--org-id", SAM.org_id]
        done = CliRunner().invoke(
            app, ["chat", *arguments], input="mock interview for a nurse\n", env={"GROWQR_SERVICE_TOKEN": service.token}
        )
        assert "none → draft" in done.output
        assert service.sandbox.effects()["sessions_created"] == 1


def test_a_live_session_needs_a_hand_over(seat):
    with pytest.raises(UserError, match="No live session was handed over"):
        seat.open_session()
    with pytest.raises(UserError, match="No live session is open"):
        seat.close_session()


def test_the_web_socket_is_really_opened_and_closed(seat):
    for text in ("mock interview for a nurse, questions first", "approve", "start"):
        seat.say(text)
    opened = seat.open_session()
    (session,) = seat.service.sandbox.service.sessions.values()
    assert (session.opened, session.ended, opened.answer.state) == (True, False, "live")
    assert "sandbox" in opened.heard
    with pytest.raises(UserError, match="open already"):
        seat.open_session()
    seat.close_session()
    assert seat.say("how did I do?").answer.state == "reviewed"
    assert session.ended


def test_a_web_socket_that_is_refused_is_told(seat):
    with pytest.raises(UserError, match="did not accept the WebSocket"):
        seat.live.open("/api/v1/session/sess_unknown")


@pytest.mark.parametrize("url", ["localhost:80", "ftp://x", "http://", ""])
def test_a_service_url_must_be_http(url):
    with pytest.raises(UserError, match="http://"):
        load_settings(service_url=url)


def golden_file(tmp_path, state):
    """A golden whose first turn really ends in `draft`."""
    path = tmp_path / "golden.yaml"
    path.write_text(
        f"name: one\nturns:\n  - user: mock interview for a nurse\n    expect: {{state: {state}}}\n", encoding="utf-8"
    )
    return path


@pytest.mark.parametrize(("state", "code"), [("draft", 0), ("live", 1)])
def test_golden_run_exits_with_0_when_all_hold_and_1_when_some_differ(tmp_path, state, code):
    report = tmp_path / "report.json"
    path = golden_file(tmp_path, state)
    done = CliRunner().invoke(app, ["golden", "run", str(path), "--json", str(report)])
    assert done.exit_code == code
    (one,) = json.loads(report.read_text(encoding="utf-8"))["conversations"]
    assert (one["name"], one["file"], one["line"], one["passed"]) == ("one", str(path), 1, code == 0)
    if code:
        assert f"{path}:4" in done.output
        assert [(d["turn"], d["key"], d["expected"], d["got"]) for d in one["differences"]] == [
            (1, "state", "live", "draft")
        ]


def test_graph_prints_mermaid():
    done = CliRunner().invoke(app, ["graph"])
    assert done.output.startswith("stateDiagram-v2\n    [*] --> none\n")
    assert "draft --> approved: approve" in done.output


def test_graph_without_graphviz_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(app, ["graph", "--svg", str(tmp_path / "graph.svg")])
    assert isinstance(done.exception, UserError)
    assert "graphviz" in str(done.exception)


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
def test_graph_writes_svg(tmp_path):
    assert CliRunner().invoke(app, ["graph", "--svg", str(tmp_path / "graph.svg")]).exit_code == 0
    assert "<svg" in (tmp_path / "graph.svg").read_text(encoding="utf-8")
