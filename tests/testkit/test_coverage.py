from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from growqr_router import Router
from growqr_rules import Places
from growqr_testkit.coverage import ALL_RULES, cover, to_html, to_json, to_text
from growqr_testkit.coverage.count import outcome
from growqr_testkit.coverage.items import Item, edge_item, outcome_item
from growqr_testkit.golden import load_conversations, run, run_message
from growqr_workflows import CallRecord

CONVERSATION = """
- name: a-plan-that-fails-once
  service: [{"on": "POST /api/v1/configure/preview", nth: 1, fault: "503"}]
  turns:
    - user: "mock interview for a nurse, plan first"
    - user: "try again"
    - user: "open the live room"
"""


@pytest.fixture(scope="module")
def library(router, places, messages):
    return cover(router, places, [run_message(message, router=router) for message in messages], [])


@pytest.fixture(scope="module")
def interview(tmp_path_factory):
    path = tmp_path_factory.mktemp("c") / "c.yaml"
    path.write_text(CONVERSATION)
    router = Router.default()
    return cover(router, Places(Path(str(router.pack.folder))), run(load_conversations([path])), [])


def test_what_messages_reach_is_counted(library):
    reached = library.reached
    assert reached[Item("rules", "loan.renew/renew-book")] == 1
    assert reached[Item("vetoes", "loan.renew/library-card")] == 1
    assert reached[Item("intents", "loan.renew")] == 2
    assert reached[Item("templates", "loan.renew: renew it")] == 0
    assert library.of("concepts") == (3, 5)


def test_what_is_missed_has_its_line_and_a_message_that_reaches_it(library):
    missed = {m.item: m for m in library.missed}
    template = missed[Item("templates", "loan.renew: renew it")]
    assert (Path(template.place.file).name, template.message) == ("loan.renew.yaml", "renew it")
    assert missed[Item("short answers", "loan.renew/1 in on_loan")].message == "in on_loan: yes"


def test_a_fault_that_no_call_met_comes_with_the_line_that_scripts_it(interview):
    missed = {m.item: m.message for m in interview.missed}
    assert missed[outcome_item("approve", "timeout")] == (
        'service: [{"on": "POST /api/v1/configure/approve", nth: 1, fault: "timeout"}]'
    )


def test_rounding_never_shows_more_than_there_is(library):
    assert library.figures()["concepts"] == 60.0
    many = {Item("rules", str(i)): place for i, place in enumerate([next(iter(library.items.values()))] * 3000)}
    almost = replace(library, items=many, reached=Counter(list(many)[:2999]))
    assert almost.figures()["rules"] == 99.9


def test_conversations_reach_transitions_outcomes_defaults_refusals_and_replies(interview):
    reached = interview.reached
    assert reached[edge_item("none", "preview")] == 1
    assert reached[outcome_item("preview", "503")] == 1
    assert reached[outcome_item("preview", "ok")] == 1
    assert reached[Item("defaults", "persona_id")] == 1
    assert reached[Item("refusals", "refuse_launch_early")] == 1
    assert reached[Item("replies", "error_unavailable")] == 1
    assert reached[edge_item("draft", "approve")] == 0


@pytest.mark.parametrize(
    ("status", "kind", "shown"),
    [
        (200, "ok", "ok"),
        (200, "malformed", "malformed"),
        (None, "unknown", "timeout"),
        (502, "unavailable", "503"),
        (401, "forbidden", "403"),
        (404, "not_found", "404"),
        (409, "rejected", "422"),
    ],
)
def test_an_outcome_is_named_as_the_fault_that_makes_it(status, kind, shown):
    assert outcome(CallRecord("preview", "POST", "/", status, 1.0, kind, 1)) == shown


def test_reports_say_the_same(library, router):
    told = to_json(library)
    text, page = to_text(library), to_html(library, router.pack)
    assert told["figures"][ALL_RULES] == library.figures()[ALL_RULES]
    for missed in told["missed"]:
        assert f"{missed['file']}:{missed['line']}" in text
        assert f"{missed['file']}:{missed['line']}" in page


def test_the_page_escapes_what_is_in_a_pack_and_loads_nothing(interview, router):
    pack = replace(router.pack, manifest=router.pack.manifest.model_copy(update={"name": "<script>"}))
    page = to_html(interview, pack)
    assert "<script>" not in page
    assert "http" not in page
    assert "&lt;script&gt;" in page


def test_the_diagram_marks_what_was_not_walked(interview):
    page = to_html(interview, Router.default().pack)
    assert '<path class="edge walked"' in page
    assert '<path class="edge missed"' in page
    assert ">approve 0</text>" in page
