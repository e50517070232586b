"""The pytest plugin, in small projects of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import growqr_testkit.plugin.items  # noqa: F401 - pytester forgets what is first imported in a run; numpy bears no second time

pytest_plugins = ["pytester"]

LIBRARY = Path(__file__).parents[1] / "packs" / "library_en"
HOLDS = """
- name: {name}
  tags: [smoke, 503, première fois]
  turns:
    - user: "mock interview for a nurse, questions first please"
      expect: {{route: interview, state: draft}}
"""
DIFFERS = """\
- name: two of three
  turns:
    - user: "mock interview for a nurse, questions first please"
      expect:
        state: draft
    - user: "approve"
      expect:
        intent: cancel
        calls:
          - {method: POST, path: /api/v1/configure/approve, body_includes: {session_id: sess_else}}
"""


@pytest.fixture
def project(pytester):
    """A project with strict markers, away from this repository's settings."""
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers --strict-config\nasyncio_default_fixture_loop_scope=function"
    )
    return pytester


def write(project, name, text):
    path = project.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def settings(project, *lines):
    path = project.path / "tox.ini"
    path.write_text(path.read_text() + "\n" + "\n".join(lines))


def test_goldens_are_collected_anywhere_with_their_line_and_tags_as_markers(project):
    write(project, "deep/er/a.golden.yaml", HOLDS.format(name="one") + HOLDS.format(name="two"))
    write(project, "deep/other.yaml", "- nothing: of ours\n")
    run = project.inline_run("-m", "smoke and golden")
    run.assertoutcome(passed=2)
    reports = [r for r in run.getreports("pytest_runtest_logreport") if r.when == "call"]
    assert [(r.nodeid, r.location[1]) for r in reports] == [
        ("deep/er/a.golden.yaml::one", 1),
        ("deep/er/a.golden.yaml::two", 7),
    ]
    project.inline_run("-m", "not smoke").assertoutcome()
    project.inline_run("-k", "two").assertoutcome(passed=1)


def test_a_failure_says_turn_key_expected_got_line_and_why_without_a_traceback(project):
    write(project, "a.golden.yaml", DIFFERS)
    done = project.runpytest()
    done.stdout.fnmatch_lines(
        [
            "a.golden.yaml:1  two of three",
            "  turn 2, in state draft: approve",
            "    a.golden.yaml:8  intent",
            "      expected  cancel",
            "      got       draft.approve",
            "    a.golden.yaml:10  calls.0.body.session_id",
            "      expected  sess_else",
            "      got       sess_*",
            "    why: read as interview / draft.approve by *, confidence *",
            "FAILED a.golden.yaml::two of three - turn 2, intent: expected cancel, got*",
        ]
    )
    assert "Traceback" not in done.stdout.str()
    assert "items.py" not in done.stdout.str()


def test_messages_are_put_to_the_router_alone(project):
    write(
        project,
        "a.golden.yaml",
        "messages:\n  - {text: make it harder, context: {state: draft}, intent: draft.regenerate}\n"
        "  - {text: make it harder, context: {state: opne}, intent: help}\n",
    )
    write(project, "b.golden.jsonl", '{"id": "m-1", "text": "fix my resume", "route": "general", "alt": ["resume"]}\n')
    done = project.runpytest()
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["    a.golden.yaml:3  context.state", "*this pack has: none, draft*"])


def test_golden_paths_are_run_also_outside_of_testpaths_but_not_beside_a_path_that_is_named(project):
    write(project, "talks/any.yaml", HOLDS.format(name="one"))
    write(project, "tests/test_x.py", "def test_x(): pass\n")
    settings(project, "testpaths = tests", "golden_paths = talks")
    project.inline_run().assertoutcome(passed=2)
    project.inline_run("tests").assertoutcome(passed=1)
    project.inline_run("talks").assertoutcome(passed=1)
    project.inline_run(".").assertoutcome(passed=2)


@pytest.mark.parametrize("file", ["talks/readme.txt", "talks/empty.yaml", "talks/empty/list.yaml"])
def test_golden_paths_without_a_golden_are_a_failure(project, file):
    write(project, file, "[]" if "list" in file else "")
    write(project, "test_x.py", "def test_x(): pass\n")
    settings(project, "golden_paths = talks")
    done = project.runpytest()
    assert done.ret == pytest.ExitCode.INTERRUPTED
    done.stdout.fnmatch_lines(["talks*: *"])


def test_golden_paths_that_are_not_there_are_a_failure(project):
    settings(project, "golden_paths = talks")
    done = project.runpytest()
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: golden_paths: there is no *talks"])


def test_unusable_files_are_told_at_once_with_lines(project):
    write(project, "a.golden.yaml", "- name: one\n  turn: []\n  turns: [{user: hi, expects: {}}]\n  tags: [skip]\n")
    write(project, "b.golden.yaml", HOLDS.format(name="same"))
    write(project, "c.golden.yaml", HOLDS.format(name="same"))
    done = project.runpytest()
    assert done.ret == pytest.ExitCode.INTERRUPTED
    done.stdout.fnmatch_lines(
        [
            "a.golden.yaml:2: * 0.turn: is not a known key. Allowed: turns, name, *",
            "a.golden.yaml:3: * 0.turns.0.expects: is not a known key. Allowed: expect, user, *",
            "a.golden.yaml:4: * 0.tags.0: the tag skip means something else to pytest*",
            "c.golden.yaml:2: * 0.name: the name 'same' stands at b.golden.yaml:2 too",
        ]
    )
    assert "Traceback" not in done.stdout.str()


@pytest.mark.parametrize(
    ("pack", "told"),
    [("packs/nowhere", "*nowhere: * is no pack: *"), (LIBRARY, "a.golden.yaml:2: * no workflow*")],
)
def test_a_pack_that_cannot_be_used_is_told(project, pack, told):
    write(project, "a.golden.yaml", HOLDS.format(name="one"))
    settings(project, f"golden_pack = {pack}")
    done = project.runpytest()
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([told])
    assert "Traceback" not in done.stdout.str()


def test_another_pack_is_tested_where_golden_pack_names_it(project):
    write(project, "a.golden.yaml", "messages: [{text: renew it, intent: loan.renew}]\n")
    settings(project, f"golden_pack = {LIBRARY}")
    project.inline_run().assertoutcome(passed=1)


def test_workers_share_the_goldens_and_show_the_same_failure(project):
    write(project, "a.golden.yaml", DIFFERS + HOLDS.format(name="one"))
    done = project.runpytest_subprocess("-n", "1", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(
        ["      got       draft.approve", "FAILED a.golden.yaml::two of three - turn 2, intent: expected cancel*"]
    )


def test_a_run_without_goldens_loads_nothing_of_this_distribution_but_the_hooks():
    code = (
        "import sys, growqr_testkit.plugin.hooks\n"
        "print([n for n in ('growqr_testkit.golden', 'growqr_router', 'spacy', 'yaml', 'httpx') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
