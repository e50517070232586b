"""How many messages that are not for the assistant are sent to one of its agents, without abstaining?

    python bench/outside.py PATH/clinc150_full.jsonl [--show N]

Reads the test and out-of-scope test messages of CLINC150. Left out are the intents that speak of the assistant itself
or answer it: what a person means by "yes" or "cancel" depends on the conversation.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from growqr_router import Router

ABOUT_THE_ASSISTANT = frozenset(
    {
        "are_you_a_bot",
        "cancel",
        "change_accent",
        "change_ai_name",
        "change_language",
        "change_speed",
        "change_user_name",
        "change_volume",
        "do_you_have_pets",
        "flip_coin",
        "fun_fact",
        "goodbye",
        "greeting",
        "how_old_are_you",
        "maybe",
        "meaning_of_life",
        "no",
        "repeat",
        "reset_settings",
        "roll_dice",
        "sync_device",
        "tell_joke",
        "thank_you",
        "user_name",
        "what_are_your_hobbies",
        "what_can_i_ask_you",
        "what_is_your_name",
        "where_are_you_from",
        "whisper_mode",
        "who_do_you_work_for",
        "who_made_you",
        "yes",
    }
)


def main() -> None:
    """Print the share, and some of the messages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--show", type=int, default=0, help="print so many of them")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.path.read_text(encoding="utf-8").splitlines()]
    outside = [r for r in rows if r["split"] in ("test", "oos_test") and r["label"] not in ABOUT_THE_ASSISTANT]
    router = Router.default()
    fallback = router.pack.manifest.fallback
    decisions = [(row, router.route(row["text"])) for row in outside]
    sent = [(row, d) for row, d in decisions if d.route != fallback and not d.abstained]
    print(f"{len(sent)} of {len(outside)} ({len(sent) / len(outside):.2%}) sent to an agent without abstaining")
    for row, decision in sent[: options.show]:
        print(f"  {decision.intent or decision.route}: {row['text']!r} ({row['label']})")


if __name__ == "__main__":
    main()
