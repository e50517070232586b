"""What the page is served with, and what it asks of the server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from growqr_app.playground import views
from growqr_app.playground.run import alone
from growqr_app.server.authentication import authentication

HTML = "text/html; charset=utf-8"


def test_the_page_may_load_and_reach_nothing_else(site):
    page = site.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, HTML)
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    address = str(site.app.state.backend.client.base_url).rstrip("/")
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self'",
        "connect-src": f"'self' {address.replace('http://', 'ws://')}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert not re.search(r"<script>|<style|\son\w+=|\sstyle=|https?://", page.text)


def test_each_file_that_is_named_is_served(site):
    page = site.get("/").text
    todo, seen = set(re.findall(r'"(/playground/[^"]+)"', page)), set()
    while todo:
        path = todo.pop()
        answer = site.get(path)
        assert answer.status_code == 200, path
        seen.add(path)
        if path.endswith((".js", ".css")):
            named = re.findall(r'from "\./([^"]+)"|url\("([^"]+)"\)', answer.text)
            todo |= {f"/playground/{module or file}" for module, file in named} - seen
    assert len(seen) >= 12


@pytest.mark.parametrize(
    "path", ["/playground/", "/playground/../cli.py", "/playground/%2e%2e/cli.py", "/playground/x"]
)
def test_nothing_else_is_served(site, path):
    assert site.get(path).status_code == 404


def test_the_command_calls_nothing_real_whatever_else_is_set(monkeypatch, secret):
    monkeypatch.setenv("GROWQR_SERVICE_URL", "https://real.example")
    monkeypatch.setenv("GROWQR_DB", "kept.db")
    monkeypatch.setenv("GROWQR_HOST", "0.0.0.0")
    monkeypatch.setenv("GROWQR_JWT_SECRET", secret)
    monkeypatch.setenv("GROWQR_HANDOFF__RESUME__URL", "https://resume.example/")
    settings = alone(8099)
    assert (settings.port, settings.host, settings.db) == (8099, "127.0.0.1", ":memory:")
    assert settings.service_url is None
    assert settings.handoff == {}
    assert authentication(settings) is None


def test_a_turns_context_is_on_record(site):
    talk = "/v1/conversations/recorded"
    for text in ("mock interview for a nurse, plan first", "make it harder"):
        site.post(f"{talk}/messages", json={"text": text})
    first, second = site.get(f"{talk}/turns").json()["turns"]
    assert (first["text"], first["states"]) == ("mock interview for a nurse, plan first", ["none", "draft"])
    assert second["context"]["draft"]["target_role"] == "nurse"
    explained = site.post("/v1/explain", json={"text": second["text"], "context": second["context"]})
    assert explained.json()["decision"]["intent"] == "draft.regenerate"


def test_only_one_call_fails(site):
    assert site.post("/v1/sandbox/fault", json={"fault": "503"}).json() == {"fault": "503"}
    said = {"text": "mock interview for a nurse, plan first"}
    states = [site.post("/v1/conversations/failing/messages", json=said).json()["state"] for _ in range(2)]
    assert states == ["none", "draft"]


def test_a_fault_is_taken_back(site):
    site.post("/v1/sandbox/fault", json={"fault": "503"})
    site.post("/v1/sandbox/fault", json={"fault": None})
    said = {"text": "mock interview for a nurse, plan first"}
    assert site.post("/v1/conversations/spared/messages", json=said).json()["state"] == "draft"


def test_events_alone_make_no_golden(site):
    site.post("/v1/conversations/silent/events", json={"kind": "session_ended"})
    refused = site.post("/v1/conversations/silent/golden", json={"name": "silent"})
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "No golden can be made of this: there is no message in it.",
    )


def test_what_is_too_long_is_not_played_and_not_listed(site, monkeypatch):
    talk = "/v1/conversations/long"
    for text in ("hello", "what can you do?", "thanks"):
        site.post(f"{talk}/messages", json={"text": text})
    monkeypatch.setattr(views, "MOST_TURNS", 2)
    assert [turn["text"] for turn in site.get(f"{talk}/turns").json()["turns"]] == ["what can you do?", "thanks"]
    assert site.post(f"{talk}/golden", json={"name": "long"}).status_code == 409


def test_nobody_sees_or_records_the_conversation_of_somebody_else(guarded, token):
    mine, other = token(user="mine", iss="me"), token(user="other", iss="me")
    guarded.post_as(mine, "/v1/conversations/private/messages", {"text": "hello"})
    assert guarded.get_as(mine, "/v1/conversations/private/turns").status_code == 200
    assert guarded.get_as(other, "/v1/conversations/private/turns").status_code == 404
    assert guarded.post_as(other, "/v1/conversations/private/golden", {"name": "x"}).status_code == 404


def test_before_a_real_service_there_is_no_token_and_no_fault(serve_with, site):
    with serve_with(service_url=str(site.app.state.backend.client.base_url).rstrip("/")) as client:
        assert client.get("/v1/playground").json()["sandbox"] is None
        assert client.post("/v1/sandbox/fault", json={"fault": "503"}).status_code == 404
        assert "connect-src 'self';" in client.get("/").headers["content-security-policy"]


def test_where_people_sign_in_the_page_asks_for_a_token(browser, guarded, token):
    page = browser.new_page()
    page.goto(guarded.url)
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_have_text("The token is not valid.")
    page.get_by_label("Token").fill(token(user="somebody", iss="me"))
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#facts")).to_contain_text("interview_en")
    page.get_by_label("Message", exact=True).fill("hello")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".bubble.agent")).to_be_visible()
    page.close()
