"""`growqr golden` as a person uses it."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner

from growqr_app.cli import app
from growqr_app.errors import UserError
from growqr_app.goldens import GoldenRun
from growqr_app.watching import watch_goldens
from growqr_rules import RulesError
from growqr_testkit.golden import load_conversations, run

GOLDENS = """\
- name: first <b>
  tags: [smoke]
  turns:
    - user: "mock interview for a nurse & more, questions first"
      expect: {intent: help, state: draft}
- name: second
  tags: [slow]
  turns: [{user: fix my resume, expect: {route: resume}}]
"""


@pytest.fixture
def goldens(tmp_path):
    path = tmp_path / "x.golden.yaml"
    path.write_text(GOLDENS, encoding="utf-8")
    return path


def growqr(*arguments, stdin=""):
    return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)


def test_the_reports_hold_every_golden_and_what_differs(goldens, tmp_path):
    files = [tmp_path / name for name in ("r.json", "r.xml", "r.html")]
    done = growqr("golden", "run", goldens, "--json", files[0], "--junit", files[1], "--html", files[2])
    assert done.exit_code == 1
    assert "1 of 2 conversations hold" in done.output
    first, second = json.loads(files[0].read_text())["conversations"]
    assert (first["passed"], second["passed"], first["tags"]) == (False, True, ["smoke"])
    assert first["differences"][0]["why"][0].startswith("why: read as interview / practice.preview")
    suite = ET.parse(files[1]).getroot().find("testsuite")
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    case, _ = suite.findall("testcase")
    assert (case.get("name"), case.get("file"), case.get("line")) == ("first <b>", str(goldens), "1")
    assert "turn 1, intent: expected help, got practice.preview" in case.find("failure").get("message")
    page = files[2].read_text()
    assert "first &lt;b&gt;" in page
    assert "nurse &amp; more" in page
    assert "<b>" not in page.replace("<b>intent</b>", "")
    assert "http" not in page


def test_junit_and_pages_bear_any_text(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text('messages: [{text: "fix my \\x01 \\U0001F389 resume]]>", route: general}]\n', encoding="utf-8")
    growqr("golden", "run", path, "--junit", tmp_path / "r.xml", "--html", tmp_path / "r.html")
    assert "\U0001f389" in ET.parse(tmp_path / "r.xml").getroot().find(".//testcase").get("name")


@pytest.mark.parametrize(
    ("options", "played"),
    [
        (["-k", "FIRST"], ["first <b>"]),
        (["--tag", "slow"], ["second"]),
        (["--tag", "slow", "--tag", "smoke"], ["first <b>", "second"]),
        (["--fail-fast"], ["first <b>"]),
    ],
)
def test_filters_select_and_fail_fast_stops(goldens, tmp_path, options, played):
    growqr("golden", "run", goldens, "--json", tmp_path / "r.json", *options)
    assert [c["name"] for c in json.loads((tmp_path / "r.json").read_text())["conversations"]] == played


def test_a_filter_that_selects_nothing_is_a_mistake(goldens):
    done = growqr("golden", "run", goldens, "-k", "third")
    assert isinstance(done.exception, UserError)
    assert "None of the 2 goldens" in str(done.exception)


@pytest.mark.parametrize(("answer", "written"), [("n\n", False), ("", False), ("y\n", True)])
def test_accept_shows_the_diff_and_asks(goldens, answer, written):
    done = growqr("golden", "run", goldens, "--accept", stdin=answer)
    assert "-      expect: {intent: help, state: draft}" in done.output
    assert "+      expect: {intent: practice.preview, state: draft}" in done.output
    assert (goldens.read_text() != GOLDENS) == written
    assert done.exit_code == (0 if written else 1)


def test_accept_with_nothing_to_accept_says_so(goldens):
    done = growqr("golden", "run", goldens, "-k", "second", "--accept", "--yes")
    assert (done.exit_code, "nothing to accept" in done.output) == (0, True)


def test_watch_plays_again_after_a_change_and_ends_when_interrupted(goldens, capsys):
    """The second text is unusable, which is told; the third holds."""
    texts = iter(["- name: x\n  turn: 1\n", GOLDENS.replace("help", "practice.preview")])

    def change(_seconds):
        text = next(texts, None)
        if text is None:
            raise KeyboardInterrupt
        goldens.write_text(text, encoding="utf-8")

    assert watch_goldens(GoldenRun(paths=[goldens]), sleep=change) == 0
    shown = capsys.readouterr().out
    told = ("1 of 2 conversations hold", "turn: is not a known key", "2 of 2 conversations hold")
    assert sorted(told, key=shown.index) == list(told)


def test_watch_reads_a_pack_again_that_changed(goldens, tmp_path, capsys):
    pack = tmp_path / "pack"
    shutil.copytree(Path(__file__).parents[1] / "packs" / "library_en", pack)
    goldens.write_text("messages: [{text: extend my loan please, intent: loan.renew}]\n")
    changes = iter(["name: [broken\n", None])

    def change(_seconds):
        text = next(changes)
        if text is None:
            raise KeyboardInterrupt
        (pack / "pack.yaml").write_text(text)

    watch_goldens(GoldenRun(paths=[goldens], pack=pack), sleep=change)
    shown = capsys.readouterr().out
    assert shown.index("messages hold") < shown.index("pack.yaml:2: [R002]")


def test_a_pack_without_a_workflow_takes_messages_only(goldens):
    done = growqr("golden", "run", goldens, "--pack", Path(__file__).parents[1] / "packs" / "library_en")
    assert f"{goldens}:1: [G106] is a conversation, and the pack library_en has no workflow" in str(done.exception)


def test_lint_says_all_that_is_wrong_and_plays_nothing(goldens):
    assert "2 goldens in 1 files: nothing wrong" in growqr("golden", "lint", goldens).output
    goldens.write_text(GOLDENS.replace("help", "halp").replace("name: second", "name: first <b>"))
    done = growqr("golden", "lint", goldens)
    assert isinstance(done.exception, RulesError)
    assert [(p.line, p.code) for p in done.exception.problems] == [(5, "G104"), (6, "G101")]


def record(out, *arguments, stdin=""):
    done = growqr("golden", "record", out, *arguments, stdin=stdin)
    assert done.exception is None, done.exception
    (result,) = run(load_conversations([out]))
    assert result.passed
    return result.conversation.model


def test_record_writes_a_chat_down_at_its_end(tmp_path):
    typed = "I am Sam: mock interview for a nurse, questions first\napprove\nstart\n/live\n/end\nhow did I do?\n"
    model = record(tmp_path / "chat.golden.yaml", "--person", "Sam Okafor", stdin=typed)
    assert model.name == "chat"
    assert [t.event or t.expect.intent for t in model.turns][2:] == [
        "session.launch",
        "session_live",
        "session_ended",
        "review.show",
    ]
    assert model.turns[-1].expect.state == "reviewed"
    assert model.turns[0].user.startswith("I am Robin:")


def test_record_plays_a_log_of_messages(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text('{"text": "assign a technical interview for nurse to a@x.io"}\n{"event": "session_live"}\n')
    model = record(tmp_path / "log.golden.yaml", "--log", log, "--role", "admin", "--name", "from the log")
    assert (model.name, model.role) == ("from the log", "admin")
    assert model.turns[0].expect.slots["emails"] == ["person1@example.org"]
    assert model.effects.assignments_created == 1


def test_record_takes_a_conversation_from_the_store_with_the_faults_it_met(tmp_path):
    """Nothing listens on port 1: the first chat meets an unavailable service, the second one goes on in a sandbox."""
    db = tmp_path / "store.db"
    growqr("chat", "--db", db, "--service-url", "http://127.0.0.1:1", stdin="mock interview for a nurse, plan first\n")
    growqr("chat", "--db", db, stdin="try again\nmy mail is jo@x.org\napprove\n")
    model = record(tmp_path / "kept.golden.yaml", "--db", db, "--conversation", "chat")
    assert [t.expect.state for t in model.turns] == ["none", "draft", "draft", "approved"]
    (fault,) = model.service
    assert (fault.on, fault.turns) == ("POST /api/v1/configure/preview", [1])
    assert "jo@x.org" not in (tmp_path / "kept.golden.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--db", "x.db"], "--conversation ID"),
        (["--db", "nowhere.db", "--conversation", "x"], "no database"),
    ],
)
def test_record_says_what_is_missing(tmp_path, arguments, told):
    done = growqr("golden", "record", tmp_path / "x.golden.yaml", *arguments)
    assert told in str(done.exception)


def test_record_overwrites_nothing(goldens):
    assert "is there already" in str(growqr("golden", "record", goldens).exception)


def test_a_bad_line_of_a_log_is_told_with_its_number(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text('{"text": "hi"}\n{"txt": "hi"}\n{"event": "lunch"}\n')
    done = growqr("golden", "record", tmp_path / "x.golden.yaml", "--log", log)
    assert [p.line for p in done.exception.problems] == [2, 3]
    assert not (tmp_path / "x.golden.yaml").exists()
