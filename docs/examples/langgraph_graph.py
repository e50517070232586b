"""A LangGraph graph whose edges the router decides: beside an LLM, and instead of it when it fails.

    pip install growqr-interview-agent langgraph
    python langgraph_graph.py "mock interview for a nurse, plan first"

`ask_llm` stands for a call to a model and fails on purpose; put a real call there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph

from growqr_router import Cascade, Context, Decision, Router

ROUTES = ("interview", "resume", "roleplay", "qscore", "general")


class State(TypedDict, total=False):
    """What goes through the graph."""

    text: str
    workflow_state: str
    route: str
    intent: str | None
    by: str
    reply: str


def ask_llm(text: str, context: Context) -> Decision:
    """A model that would answer with a decision of the same form."""
    raise ConnectionError("the LLM is down")


def build(cascade: Cascade) -> Any:  # noqa: ANN401 - LangGraph's compiled graph
    """The graph: one node that routes, one node for each agent."""

    def route(state: State) -> State:
        routed = cascade.route(state["text"], Context(state=state.get("workflow_state", "none")))
        decision = routed.decision
        return {"route": decision.route, "intent": decision.intent, "by": f"{routed.by} (LLM: {routed.first})"}

    graph = StateGraph(State)
    graph.add_node("router", route)
    graph.add_edge(START, "router")
    for name in ROUTES:
        graph.add_node(name, _agent(name))
        graph.add_edge(name, END)
    graph.add_conditional_edges("router", lambda state: state["route"], list(ROUTES))
    return graph.compile()


def _agent(name: str) -> Callable[[State], State]:
    """Stands for an agent of yours."""
    return lambda state: {"reply": f"{name} agent takes {state['intent'] or 'it'} over"}


def main() -> None:
    """Route the message of the command line: the LLM is asked first, and the rules answer."""
    cascade = Cascade(ask_llm, Router.default(), deadline=2.0)
    done = build(cascade).invoke({"text": " ".join(sys.argv[1:]) or "mock interview for a nurse, plan first"})
    sys.stdout.write(f"{done['reply']}; decided by {done['by']}\n")


if __name__ == "__main__":
    main()
