"""The router as a model behind the OpenAI chat-completions protocol: any gateway can list it as a fallback.

The last message of the user is routed. The decision comes back as a call of a function: of the caller's own tool that
is named like the intent (`.` as `_`) or the route, with the slots as arguments; else of `route`, with the whole
decision. A caller that offers other tools only gets the decision as text.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import Response

from growqr_app.server.asked import Asked
from growqr_app.server.problems import ApiProblem
from growqr_app.server.routing import decide
from growqr_router import Context, Decision

WHOLE = "route"
"""The function that is called with the whole decision."""
EVENTS = "text/event-stream"


class _Open(BaseModel):
    """Fields of the protocol that mean nothing to a router are let through."""

    model_config = ConfigDict(extra="ignore", strict=True)


class TextPart(_Open):
    """A piece of a message's content; pieces that are no text are not read."""

    type: str
    text: str = ""


class ChatMessage(_Open):
    """One message of the conversation so far."""

    role: str
    content: str | list[TextPart] | None = None


class FunctionTool(_Open):
    """A function that the caller can carry out."""

    name: str


class Tool(_Open):
    """A tool that the caller offers; only functions are called."""

    type: str = "function"
    function: FunctionTool | None = None


class StateMetadata(_Open):
    """What the caller knows of the conversation."""

    state: str = ""
    last_intent: str | None = None
    expects: str | None = None


_EXAMPLE: dict[str, JsonValue] = {
    "model": "interview_en",
    "messages": [{"role": "user", "content": "mock interview for a nurse"}],
}


class CompletionRequest(_Open):
    """A chat completion as the OpenAI clients ask for it."""

    model_config = ConfigDict(extra="ignore", strict=True, json_schema_extra={"examples": [_EXAMPLE]})
    model: str
    """The pack's name."""
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    tools: list[Tool] | None = None
    stream: bool = False
    metadata: StateMetadata | None = None


class FunctionCall(BaseModel):
    """A function with its arguments as JSON text."""

    name: str
    arguments: str


class ToolCall(BaseModel):
    """A call that the caller is to make."""

    id: str
    type: Literal["function"] = "function"
    function: FunctionCall


class AssistantMessage(BaseModel):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str | None
    tool_calls: list[ToolCall] | None = None


class Choice(BaseModel):
    """The only choice."""

    index: int = 0
    message: AssistantMessage
    finish_reason: Literal["tool_calls", "stop"]


class Usage(BaseModel):
    """Nothing is used."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class Completion(BaseModel):
    """A chat completion."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage = Usage()


class ModelEntry(BaseModel):
    """One model of the list."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "growqr"


class ModelList(BaseModel):
    """The models that can be asked: one for the pack in force."""

    object: Literal["list"] = "list"
    data: list[ModelEntry]


async def list_models(asked: Asked) -> ModelList:
    """The pack in force, as a model."""
    return ModelList(data=[ModelEntry(id=asked.backend.router.pack.manifest.name)])


async def complete(asked: Asked) -> Completion | Response:
    """Route the last message of the user."""
    body: CompletionRequest = asked.body
    name = asked.backend.router.pack.manifest.name
    if body.model != name:
        detail = f"There is no model {body.model[:80]!r}; this server has: {name}."
        raise ApiProblem(404, "model_not_found", detail)
    told = body.metadata or StateMetadata()
    context = Context(state=told.state, role=asked.principal.role, last_intent=told.last_intent, expects=told.expects)
    decision = await decide(asked.backend, _said(body.messages), context)
    completion = _completion(body, decision, created=int(asked.backend.clock()))
    return _streamed(completion) if body.stream else completion


def _said(messages: list[ChatMessage]) -> str:
    """The text of the user's last message; empty, which says nothing, without one."""
    content = next((m.content for m in reversed(messages) if m.role == "user" and m.content is not None), "")
    return content if isinstance(content, str) else "\n".join(p.text for p in content if p.type == "text")


def _completion(body: CompletionRequest, decision: Decision, created: int) -> Completion:
    text = decision.to_json()
    key = hashlib.sha256(text.encode()).hexdigest()[:24]
    call = _call(body.tools, decision)
    if call is None:
        message = AssistantMessage(content=text)
    else:
        message = AssistantMessage(content=None, tool_calls=[ToolCall(id=f"call_{key}", function=call)])
    reason: Literal["tool_calls", "stop"] = "stop" if call is None else "tool_calls"
    choice = Choice(message=message, finish_reason=reason)
    return Completion(id=f"chatcmpl-{key}", created=created, model=body.model, choices=[choice])


def _call(tools: list[Tool] | None, decision: Decision) -> FunctionCall | None:
    whole = FunctionCall(name=WHOLE, arguments=decision.to_json())
    if not tools:
        return whole
    offered = {tool.function.name for tool in tools if tool.function is not None}
    for name in ((decision.intent or "").replace(".", "_"), decision.route):
        if name in offered and name != WHOLE:
            return FunctionCall(name=name, arguments=json.dumps(dict(decision.slots), sort_keys=True))
    return whole if WHOLE in offered else None


def _streamed(completion: Completion) -> Response:
    """The same as server-sent events: one chunk with all of it, one that ends it."""
    (choice,) = completion.choices
    delta = choice.message.model_dump(exclude_none=True)
    for index, call in enumerate(delta.get("tool_calls", ())):
        call["index"] = index
    head = completion.model_dump(include={"id", "created", "model"}) | {"object": "chat.completion.chunk"}
    chunks: list[dict[str, Any]] = [
        {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": choice.finish_reason}]},
    ]
    lines = [json.dumps(chunk) for chunk in chunks] + ["[DONE]"]
    return Response("".join(f"data: {line}\n\n" for line in lines), media_type=EVENTS)
