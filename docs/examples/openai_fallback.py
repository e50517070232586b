"""The `openai` client, with this router as the model that answers when the LLM does not.

    pip install growqr-interview-agent openai
    growqr serve &
    python openai_fallback.py http://127.0.0.1:8080/v1 "make it harder, and 20 minutes"

The LLM's address below has nobody behind it, on purpose; put a real one there.
"""

from __future__ import annotations

import json
import sys

from openai import OpenAI, OpenAIError
from openai.types.chat import ChatCompletion

LLM = OpenAI(base_url="http://127.0.0.1:9/v1", api_key="none", max_retries=0, timeout=2.0)
"""Nothing listens there: every call fails."""


def ask(router: OpenAI, text: str, state: str) -> ChatCompletion:
    """The LLM's answer, or the router's. `state` is where the conversation stands."""
    messages = [{"role": "user", "content": text}]
    try:
        return LLM.chat.completions.create(model="gpt-4o-mini", messages=messages)
    except OpenAIError as error:
        sys.stderr.write(f"the LLM fails ({type(error).__name__}); the router answers\n")
    return router.chat.completions.create(model="interview_en", messages=messages, metadata={"state": state})


def main() -> None:
    """Print the decision on the message of the command line."""
    if len(sys.argv) != 3:
        sys.exit('usage: python openai_fallback.py http://127.0.0.1:8080/v1 "make it harder, and 20 minutes"')
    base_url, text = sys.argv[1:]
    with OpenAI(base_url=base_url, api_key="none") as router:
        try:
            answer = ask(router, text, state="draft").choices[0].message
        except OpenAIError as error:
            sys.exit(f"the router at {base_url} fails too ({error}); is `growqr serve` running there?")
    for call in answer.tool_calls or ():
        decision = json.loads(call.function.arguments)
        sys.stdout.write(f"{call.function.name}: {decision['route']} {decision['intent']} {decision['slots']}\n")
    if answer.content:  # a model that writes instead
        sys.stdout.write(f"{answer.content}\n")


if __name__ == "__main__":
    main()
