"""Can the role grammar read real job titles? Put each into twenty sentences and count the exact ones.

    python bench/titles.py PATH/job_titles.tsv [--every N] [--show N]

The file's first column is a title per line, below a header. Titles of one to five words are tried; the slot must hold
the title in lower case, nothing less and nothing more; a plural's s is rightly trimmed and counted apart.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from growqr_router import Context, Router
from growqr_router.entities import Entity
from growqr_router.slots import fill_slots

CARRIERS = (
    "I have an interview for a {title} role next week, can I practise?",
    "mock interview for {title} please",
    "prep me for a {title} interview at Tesco",
    "I'm applying to be a {title}, run a practice interview",
    "practice interview as a {title}",
    "Could we do a 10 minute mock for the {title} position?",
    "{title} interview tomorrow, need practice",
    "{title}, 15 minutes, hard",
    "behavioral round for {title} with Emma",
    "I want to become a {title} and would love some interview practice",
    "set up a mock interview, the role is {title}",
    "role: {title}\ncompany: Acme Ltd",
    "interviewing for {title} at Google on Friday, show me the plan first",
    "hi, can you interview me for the job of {title}?",
    "start a mock right now for {title}",
    "My interview as {title} is on Monday and I'm nervous.",
    "a practice run for a {title} vacancy, someone friendly",
    "going for a {title} job, quiz me",
    "I've been shortlisted for {title}. Help me rehearse",
    "need a warm up before my {title} interview",
)
LONGEST = 5


def main() -> None:
    """Print the share over all sentences, per sentence and per title length."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("titles", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every N-th title")
    parser.add_argument("--show", type=int, default=0, help="print so many misses")
    options = parser.parse_args()
    lines = options.titles.read_text(encoding="utf-8").splitlines()[1:]
    titles = sorted({line.split("\t")[0].strip() for line in lines if 0 < len(line.split("\t")[0].split()) <= LONGEST})
    router = Router.default()
    right: Counter[str] = Counter()
    by_length: Counter[int] = Counter()
    lengths: Counter[int] = Counter()
    trimmed = shown = 0
    tried = titles[:: options.every]
    for n, title in enumerate(tried):
        for carrier in CARRIERS:
            got = read_role(router, carrier.format(title=title))
            lengths[len(title.split())] += 1
            if got == title.lower():
                right[carrier] += 1
                by_length[len(title.split())] += 1
            elif got is not None and title.lower() in (f"{got}s", f"{got[:-2]}men"):
                trimmed += 1
            elif shown < options.show and CARRIERS.index(carrier) == n % len(CARRIERS):
                shown += 1
                print(f"{title!r} -> {got!r} in {carrier!r}")
    total, exact = len(tried) * len(CARRIERS), sum(right.values())
    print(f"{exact / total:.1%} exact, {trimmed / total:.1%} without the plural's s, so")
    print(f"{(exact + trimmed) / total:.1%} right of {len(tried)} titles x {len(CARRIERS)} sentences")
    for carrier in CARRIERS:
        print(f"  {right[carrier] / len(tried):.1%}  {carrier!r}")
    for length in sorted(lengths):
        print(f"  {by_length[length] / lengths[length]:.1%}  of {length} words")


def read_role(router: Router, text: str) -> str | None:
    """The role that the router fills in, whatever it takes the intent for."""
    reading = router.read(text, Context())
    entities: tuple[Entity, ...] = reading.entities
    slots, _ = fill_slots(router.pack.entities.slots, "practice.preview", reading.document, entities)
    return slots.get("target_role")


if __name__ == "__main__":
    main()
