"""The examples of embedding run as they stand: LangGraph, and the openai client."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path

import openai
import pytest

from growqr_router import Cascade, Router

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def graph():
    return example("langgraph_graph")


def test_the_graph_answers_though_its_llm_fails(graph, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["langgraph_graph.py", "update my resume please"])
    graph.main()
    assert capsys.readouterr().out == "resume agent takes it over; decided by then (LLM: error)\n"


def test_the_graph_asks_the_llm_only_where_the_rules_are_not_sure(graph):
    asked = []

    def llm(text, context):
        asked.append(text)
        return Router.default().route("update my resume")

    built = graph.build(Cascade(Router.default(), llm))
    assert built.invoke({"text": "mock interview for a nurse, plan first"})["intent"] == "practice.preview"
    assert asked == []
    assert built.invoke({"text": "could you run something for the role"})["route"] == "resume"
    assert asked == ["could you run something for the role"]


def test_the_conditional_edges_follow_the_workflow_state(graph):
    built = graph.build(Cascade(Router.default(), graph.ask_llm))
    assert built.invoke({"text": "yes", "workflow_state": "draft"})["intent"] == "draft.approve"
    assert built.invoke({"text": "yes", "workflow_state": "none"})["intent"] != "draft.approve"


def test_the_openai_client_gets_the_decision_when_its_llm_fails(open_server, monkeypatch, capsys):
    arguments = ["openai_fallback.py", f"{open_server.url}/v1", "make it harder, and 20 minutes"]
    monkeypatch.setattr(sys, "argv", arguments)
    example("openai_fallback").main()
    shown = capsys.readouterr()
    assert "route: interview draft.regenerate {'difficulty': 'hard', 'duration_minutes': 15" in shown.out
    assert "APIConnectionError" in shown.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [([], "usage: python openai_fallback.py "), (["http://127.0.0.1:9/v1", "help"], "is `growqr serve` running")],
)
def test_the_openai_example_tells_how_it_is_used(monkeypatch, arguments, says):
    monkeypatch.setattr(sys, "argv", ["openai_fallback.py", *arguments])
    with pytest.raises(SystemExit, match=re.escape(says)):
        example("openai_fallback").main()


@pytest.fixture(scope="module")
def client(open_server):
    with openai.OpenAI(base_url=f"{open_server.url}/v1", api_key="none", max_retries=0) as client:
        yield client


def tool(name):
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}


def ask(client, text="mock interview for a nurse, plan first", **more):
    messages = [{"role": "system", "content": "You route."}, {"role": "user", "content": text}]
    return client.chat.completions.create(model="interview_en", messages=messages, **more)


def test_gateways_can_list_the_pack_as_a_model(client):
    assert [model.id for model in client.models.list()] == ["interview_en"]


def test_without_tools_the_whole_decision_is_called(client):
    choice = ask(client).choices[0]
    (call,) = choice.message.tool_calls
    assert (choice.finish_reason, call.function.name) == ("tool_calls", "route")
    assert call.function.arguments == Router.default().route("mock interview for a nurse, plan first").to_json()


@pytest.mark.parametrize(
    ("offered", "called"),
    [
        (["practice_preview", "interview"], "practice_preview"),
        (["interview", "route"], "interview"),
        (["route"], "route"),
    ],
)
def test_the_callers_own_tools_are_called(client, offered, called):
    (call,) = ask(client, tools=[tool(name) for name in offered]).choices[0].message.tool_calls
    assert call.function.name == called
    if called != "route":
        assert json.loads(call.function.arguments) == {"target_role": "nurse"}


def test_a_caller_whose_tools_do_not_fit_gets_text(client):
    choice = ask(client, tools=[tool("weather")]).choices[0]
    assert (choice.finish_reason, choice.message.tool_calls) == ("stop", None)
    assert json.loads(choice.message.content)["intent"] == "practice.preview"


def test_the_same_comes_as_a_stream(client):
    with ask(client, stream=True) as stream:
        chunks = list(stream)
    (call,) = chunks[0].choices[0].delta.tool_calls
    assert json.loads(call.function.arguments)["intent"] == "practice.preview"
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


def test_an_unknown_model_is_told_with_those_that_there_are(client):
    with pytest.raises(openai.NotFoundError) as refused:
        client.chat.completions.create(model="gpt-9", messages=[{"role": "user", "content": "hello"}])
    assert "this server has: interview_en" in refused.value.response.json()["detail"]
