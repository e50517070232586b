"""The page as a person uses it, in Chromium."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe

from growqr_testkit.golden import load_conversations, report_text, run

ROLE = "mock interview for a nurse at Mercy Hospital, plan first"
FAULT = "#fault"


def state(page):
    return page.locator("#now b").inner_text()


def part(page, title):
    """One card of the decision."""
    return page.get_by_role("region", name=title, exact=True)


def click(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def arm(page, fault):
    with page.expect_response("**/v1/sandbox/fault"):
        page.locator(FAULT).select_option(fault)


def reach(page, wanted):
    page.locator("#now b").get_by_text(wanted, exact=True).wait_for()


def test_a_whole_conversation_to_the_review_is_played_by_clicking(page, site):
    page.get_by_role("button", name=re.compile("Plan first")).click()
    reach(page, "draft")
    click(page, "looks good, approve it")
    reach(page, "approved")
    click(page, "I'm ready, let's go")
    click(page, "Go live")
    page.get_by_text("The service says: “Hello, I am").wait_for()
    reach(page, "live")
    click(page, "End the session")
    click(page, "Recording uploaded")
    page.locator("#session").wait_for(state="hidden")
    click(page, "How did I do?")
    reach(page, "reviewed")
    path = page.get_by_role("list", name="The path walked").get_by_role("listitem").all_inner_texts()
    assert [re.sub(r"^\d+ +", "", step) for step in path] == [
        "none → draft preview",
        "draft → approved approve",
        "approved → live session live",
        "live → reviewed review",
    ]
    (session,) = [s for s in site.app.state.backend.sandbox.service.sessions.values() if s.ended]
    assert session.opened


def test_a_decision_is_taken_apart(page, say):
    say(page, ROLE)
    decision = part(page, "Decision")
    assert decision.locator(".reading").inner_text().split() == ["interview", "practice.preview"]
    assert decision.locator(".quoted").inner_text() == ROLE
    assert decision.locator("mark.slot").all_inner_texts() == ["nurse", "Mercy Hospital"]
    assert "mock" in decision.locator("mark.for").all_inner_texts()
    assert part(page, "Candidates").get_by_role("listitem").first.inner_text().split()[0] == "practice.preview"
    legend = part(page, "Candidates").locator(".lines").inner_text()
    assert re.search(r"clarify: asks first below 50 %\s+abstain: hands on below 94.5 %", legend)
    rows = part(page, "Slots").get_by_role("row").all_inner_texts()
    assert ["target role", "nurse", "stated"] in [row.split("\t") for row in rows]
    assert ["difficulty", "medium", "default"] in [row.split("\t") for row in rows]
    assert part(page, "Service calls").get_by_role("listitem").inner_text().split()[:3] == [
        "POST", "/api/v1/configure/preview", "200",
    ]  # fmt: skip
    assert part(page, "Stages").locator(".decided b").inner_text() == "decide"


def test_the_lines_and_bars_stand_where_the_numbers_say(page, say):
    say(page, "go for it")
    track = part(page, "Candidates").locator(".track").first
    box, line = track.bounding_box(), track.locator("i.abstain").bounding_box()
    fill = track.locator(".fill").bounding_box()
    assert (line["x"] - box["x"]) / box["width"] == pytest.approx(0.945, abs=0.01)
    shown = part(page, "Candidates").locator(".value").first.inner_text()
    assert fill["width"] / box["width"] == pytest.approx(int(shown.split()[0]) / 100, abs=0.01)


def test_marks_stand_on_their_words_behind_an_emoji(page, say):
    """Spans count code points, strings of the page count UTF-16 units."""
    say(page, "🙂🙂 mock interview for a nurse, plan first")
    assert part(page, "Decision").locator("mark.slot").all_inner_texts() == ["nurse"]


def test_a_failed_call_is_shown_and_tried_again(page, say):
    arm(page, "503")
    say(page, ROLE)
    assert state(page) == "none"
    assert "503 unavailable" in part(page, "Service calls").get_by_role("listitem").inner_text()
    assert page.locator(FAULT).input_value() == ""
    click(page, "try again")
    reach(page, "draft")


def test_a_fault_waits_for_a_call(page, say):
    arm(page, "503")
    say(page, "hello")
    assert page.locator(FAULT).input_value() == "503"
    say(page, ROLE)
    assert (state(page), page.locator(FAULT).input_value()) == ("none", "")


def test_a_clarifying_question_is_asked_and_answered(page, say, site):
    say(page, "go for it")
    assert page.locator(".why").get_by_text("asks first").is_visible()
    assert page.locator(".bubble.agent").last.inner_text().strip().endswith("?")
    assert part(page, "Decision").get_by_text("abstained").is_visible()
    assert "Nothing was called" in part(page, "Service calls").inner_text()
    click(page, "yes")
    reach(page, "approved")


def test_why_not_says_what_another_reading_lacked(page, say):
    say(page, "go for it")
    page.get_by_label("Another reading").select_option("general")
    click(page, "Ask")
    answer = part(page, "Why not …?").get_by_role("status")
    answer.get_by_text("general", exact=True).wait_for()
    assert "internals (+2500): none of ask_internals" in answer.inner_text()
    assert answer.locator("q").inner_text() == "go for it yes"


def test_the_golden_that_is_saved_holds(page, say, tmp_path):
    """A fault is in it too: what failed then fails again."""
    arm(page, "503")
    say(page, ROLE)
    say(page, "try again")
    say(page, "looks good, approve it")
    click(page, "Save as golden")
    page.get_by_label("Name").fill("from-the-page")
    click(page, "Record")
    page.get_by_text("It holds").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save from-the-page.yaml").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    with ThreadPoolExecutor() as aside:  # Playwright's loop runs in this thread
        (result,) = aside.submit(lambda: run(load_conversations([file]))).result()
    assert result.passed, report_text([result])
    assert len(result.turns) == 3


def test_an_earlier_turn_is_looked_at_again(page, say):
    say(page, ROLE)
    say(page, "looks good, approve it")
    page.locator(".why").first.click()
    part(page, "Decision").get_by_text("turn 1", exact=True).wait_for()
    assert part(page, "Decision").locator(".quoted").inner_text() == ROLE


def test_a_server_that_does_not_answer_is_told_and_asked_again(browser, site):
    page = browser.new_page()
    page.route("**/v1/playground", lambda route: route.abort())
    page.goto(site.url)
    page.get_by_text("The server cannot be reached").wait_for()
    page.unroute("**/v1/playground")
    click(page, "New conversation")
    page.get_by_role("button", name=re.compile("Hard to tell")).click()
    page.locator(".bubble.agent").wait_for()
    page.close()


def test_a_new_conversation_forgets_the_old_one(page, say):
    say(page, ROLE)
    click(page, "New conversation")
    assert state(page) == "none"
    assert page.locator(".bubble").count() == 0
    page.get_by_role("button", name=re.compile("Hard to tell")).click()
    page.locator(".bubble.agent").wait_for()


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=document.body.dataset.hit=1> mock interview for a nurse, plan first",
        "mock interview for a <script>document.body.dataset.hit=1</script> nurse, plan first",
        '"><svg onload=document.body.dataset.hit=1> {{7*7}} ${7*7} javascript:document.body.dataset.hit=1',
    ],
)
def test_markup_in_a_message_is_text(page, say, hostile):
    say(page, hostile)
    assert page.locator(".bubble.you p").inner_text() == hostile
    assert part(page, "Decision").locator(".quoted").inner_text() == hostile
    click(page, "Save as golden")
    click(page, "Record")
    page.locator("#golden-result pre").wait_for()
    assert page.locator("body").get_attribute("data-hit") is None
    assert page.locator("main img, main script, dialog img, dialog svg").count() == 0


def test_it_is_used_with_the_keyboard_alone(page):
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("mock interview for a nurse,")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("plan first")
    page.keyboard.press("Enter")
    reach(page, "draft")
    page.locator(".why[aria-pressed=true]").wait_for()
    assert page.locator(".bubble.you p").inner_text() == "mock interview for a nurse,\nplan first"
    page.locator(".why").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save as golden").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_text("It holds").wait_for()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_cut_off_on_a_phone(open_page, say, width):
    page = open_page(width=width, height=800)
    say(page, ROLE)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator(".why").click()
    page.wait_for_function("document.getElementById('decision').getBoundingClientRect().top < 40")
    edges = page.locator(".card").evaluate_all("cards => cards.map((c) => c.getBoundingClientRect().right)")
    assert max(edges) <= width
    box = page.locator("#diagram svg").bounding_box()
    assert box["x"] + box["width"] <= width


def test_it_is_dark_where_the_system_is(open_page):
    def paper(scheme):
        colour = open_page(scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        return [int(part) for part in re.findall(r"\d+", colour)[:3]]

    assert max(paper("dark")) < 40
    assert min(paper("light")) > 230


def test_nothing_moves_where_that_is_not_wanted(page, say):
    say(page, ROLE)
    moving = "all => all.filter((one) => getComputedStyle(one).animationName !== 'none').length"
    assert page.locator("*").evaluate_all(moving) == 0


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_axe_finds_no_serious_fault(open_page, say, scheme, width):
    page = open_page(scheme=scheme, width=width)
    assert serious(page) == []
    arm(page, "503")
    say(page, ROLE)
    say(page, "try again")
    page.get_by_label("Another reading").select_option("practice.start")
    click(page, "Ask")
    page.locator(".answer p").first.wait_for()
    assert serious(page) == []
    click(page, "Save as golden")
    click(page, "Record")
    page.get_by_text("It holds").wait_for()
    assert serious(page) == []


def serious(page):
    found = Axe().run(page).response["violations"]
    return [
        (fault["id"], node["target"], node["failureSummary"])
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
