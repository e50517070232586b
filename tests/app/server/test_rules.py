"""Live rules: a changed pack is taken when it passes the checks; a bad one is refused and the old one serves on."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from growqr_app.errors import UserError
from growqr_app.server import serve
from growqr_app.server.metrics import Metrics
from growqr_app.server.rules import LiveRules
from growqr_app.settings import load_settings
from growqr_rules import RulesError, load_pack

GOLDENS = """\
- name: yes_out_of_the_blue
  turns:
    - user: "yes"
      expect: {reply_must_mention: [general assistant]}
"""


def copy(folder):
    """The pack that ships without what is fitted to examples: it loads quickly, and reads less well."""
    return Path(shutil.copytree(load_pack().folder, folder, ignore=shutil.ignore_patterns("*.tsv", "examples")))


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """Rules that keep a golden."""
    folder = tmp_path_factory.mktemp("rules")
    copy(folder / "pack")
    (folder / "goldens.yaml").write_text(GOLDENS, encoding="utf-8")
    return LiveRules(folder / "pack", folder / "goldens.yaml", Metrics())


@pytest.fixture
def change(rules):
    """Changes a file of the pack, and changes it back."""
    changed = {}

    def edit(name, old, new):
        path = rules.router.pack.folder / name
        text = path.read_text(encoding="utf-8")
        changed.setdefault(path, text)
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    yield edit
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")


REPLIES = "replies/en.yaml"


async def look(rules):
    taken = []
    await rules.look(taken.append)
    return taken


async def test_an_unchanged_pack_is_left_alone(rules):
    assert await look(rules) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (REPLIES, "cancelled_none: |", "cancelled_nothing: |", "[R901] replies: 'cancelled_none' is gone"),
        (REPLIES, "cancelled_none: |", "cancelled_none: {", "[R002]"),
        ("pack.yaml", "abstain: 0.945", "abstain: 2", "thresholds.abstain"),
        ("intents/practice.preview.yaml", "effect: preview", "effect: perhaps", "practice.preview.yaml"),
        ("calibration.yaml", ":", "", "calibration.yaml"),
    ],
)
async def test_a_bad_change_is_refused_with_its_errors_and_the_old_pack_serves_on(rules, change, name, old, new, says):
    before = rules.router
    change(name, old, new)
    assert await look(rules) == []
    assert rules.router is before
    assert says in "\n".join(rules.refused.errors)
    assert str(rules.router.pack.folder.parent) not in "\n".join(rules.refused.errors)
    assert await look(rules) == []  # the same bad pack is not judged again


async def test_a_change_that_breaks_a_golden_is_refused(rules, change):
    change(REPLIES, "passing your message to the general assistant", "passing it on")
    assert await look(rules) == []
    assert "goldens.yaml:4" in rules.refused.errors[0]


async def test_a_good_change_is_taken_also_after_a_bad_one(rules, change):
    change(REPLIES, "cancelled_none: |", "cancelled_nothing: |")
    await look(rules)
    assert rules.refused is not None
    change(REPLIES, "cancelled_nothing: |", "cancelled_none: |")
    change(REPLIES, "There is nothing open to cancel.", "Nothing is open.")
    (router,) = await look(rules)
    assert (rules.router, rules.refused) == (router, None)
    assert router.pack.replies["cancelled_none"].strip() == "Nothing is open."
    assert b'growqr_rules_reloads_total{outcome="taken"}' in rules._metrics.text()


def test_a_server_does_not_start_with_a_pack_that_cannot_speak_of_a_hand_off(tmp_path):
    folder = copy(tmp_path / "pack")
    path = folder / REPLIES
    path.write_text(path.read_text(encoding="utf-8").replace("agent_resume:", "agent_cv:"), encoding="utf-8")
    with pytest.raises(RulesError, match=r"\[R903\] agent_resume: is missing"):
        LiveRules(folder, None, Metrics())


def test_a_server_does_not_start_with_a_pack_that_holds_no_conversations():
    settings = load_settings(pack=Path(__file__).parents[2] / "packs" / "library_en", port=0)
    with pytest.raises(UserError, match="library_en has no workflow"):
        serve(settings)


def test_a_server_does_not_start_with_a_bad_pack(tmp_path):
    (tmp_path / "pack.yaml").write_text("name: x\n", encoding="utf-8")
    with pytest.raises(RulesError):
        LiveRules(tmp_path, None, Metrics())


async def test_a_broken_table_of_weights_is_refused(rules):
    weights = rules.router.pack.folder / "weights.tsv"
    weights.write_text("no table\n", encoding="utf-8")
    assert await look(rules) == []
    assert "weights.tsv" in rules.refused.errors[0]
    weights.unlink()


def test_a_running_server_takes_a_change_between_two_messages(serve_with, tmp_path):
    folder = copy(tmp_path / "pack")
    with serve_with(pack=folder, pack_watch=0.05) as server:
        say = lambda: server.post("/v1/conversations/c/messages", json={"text": "yes"}).json()["reply"]  # noqa: E731 - short
        in_force = lambda: server.get("/v1/rules").json()["pack"]["hash"]  # noqa: E731 - short
        said, before = say(), in_force()
        path = folder / REPLIES
        changed = path.read_text(encoding="utf-8").replace("but none is connected here", "which is away")
        path.write_text(changed, encoding="utf-8")
        deadline = time.monotonic() + 60
        while in_force() == before and time.monotonic() < deadline:
            time.sleep(0.1)
        again = say()
    assert "but none is connected here" in said
    assert "which is away" in again
