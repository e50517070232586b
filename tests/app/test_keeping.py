"""What is kept about people can be gone on with, looked at, replayed and deleted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from growqr_app.cli import app
from growqr_app.errors import UserError
from growqr_rules import load_pack
from growqr_workflows import StoreError

LIBRARY = Path(__file__).parents[1] / "packs" / "library_en"


def growqr(*arguments, lines=""):
    done = CliRunner().invoke(app, arguments, input=lines)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def db(tmp_path):
    """A database with one conversation: a plan, then a question about it by somebody with an e-mail address."""
    db = str(tmp_path / "kept.db")
    said = ["mock interview for a nurse with Kapil, show me the plan first", "write to me at sam@x.io"]
    growqr("chat", "--db", db, lines="\n".join(said))
    return db


@pytest.fixture
def other_pack(tmp_path):
    """The pack that ships, but it does not know the interviewer Kapil."""
    folder = tmp_path / "pack"
    shutil.copytree(load_pack().folder, folder)
    values = folder / "entities" / "values.yaml"
    values.write_text(values.read_text(encoding="utf-8").replace("kapil: [kapil, ", "kapil: ["), encoding="utf-8")
    return folder


def test_a_chat_goes_on_where_it_was_left(db):
    later = growqr("chat", "--db", db, lines="approve it\n").output
    assert "draft → approved" in later
    assert later.index("questions   1.") < later.index("approve it")


def test_a_conversation_of_another_name_is_another_one(db):
    assert "questions" not in growqr("chat", "--db", db, "--conversation", "other", lines="/state\n").output


def test_everything_kept_about_a_user_can_be_exported_and_erased(db):
    kept = json.loads(growqr("store", "export", "--db", db, "--user", "user_local").output)
    (conversation,) = kept["conversations"]
    assert [turn["answer"]["state"] for turn in conversation["turns"]] == ["draft", "draft"]
    assert [call["operation"] for call in kept["calls"]] == ["preview"]
    assert "erased: 0" in growqr("store", "erase", "--db", db, "--user", "user_local", "--org", "another").output
    assert "erased: 1" in growqr("store", "erase", "--db", db, "--user", "user_local").output
    kept = json.loads(growqr("store", "export", "--db", db, "--user", "user_local").output)
    assert (kept["conversations"], kept["calls"]) == ([], [])


def test_what_is_old_is_deleted_and_what_is_not_stays(db):
    assert "deleted: 0" in growqr("store", "expire", "--db", db, "--days", "1").output
    assert "deleted: 1" in growqr("store", "expire", "--db", db, "--days", "0").output


def test_the_same_pack_reads_recorded_messages_as_before(db):
    done = growqr("replay", "--db", db, "--all")
    assert (done.exit_code, done.output) == (0, "0 of 2 messages would be read differently\n")


def test_another_pack_that_reads_a_message_differently_is_told(db, other_pack):
    done = growqr("replay", "--db", db, "--conversation", "chat", "--pack", str(other_pack))
    assert done.exit_code == 1
    assert "slots:" in done.output
    assert "1 of 2 messages would be read differently" in done.output
    done = growqr("replay", "--db", db, "--all", "--pack", str(other_pack), "--json")
    (line,) = map(json.loads, done.output.splitlines())
    assert line["conversation"] == "chat"
    assert line["before"]["slots"] == {**line["after"]["slots"], "persona_id": "kapil"}


def test_a_pack_of_another_domain_is_one_clear_error(db):
    with pytest.raises(UserError, match="library_en does not fit what is recorded"):
        growqr("replay", "--db", db, "--all", "--pack", str(LIBRARY))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--all", "--conversation", "chat"], "either --conversation ID or --all"),
        (["--conversation", "nope"], "no recorded message of a conversation 'nope'"),
    ],
)
def test_what_replay_cannot_do_is_told(db, arguments, said):
    with pytest.raises(UserError, match=said):
        growqr("replay", "--db", db, *arguments)


@pytest.mark.parametrize(
    ("address", "said"),
    [("nowhere.db", "There is no database"), ("mysql://x/y", "begins with postgresql://"), ("/", "no database /")],
)
def test_a_database_that_cannot_be_is_told(address, said):
    with pytest.raises(UserError, match=said):
        growqr("store", "erase", "--db", address, "--user", "u")


def test_a_file_that_is_no_database_is_told(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("milk, bread, " * 400, encoding="utf-8")
    with pytest.raises(StoreError, match="damaged or no database"):
        growqr("store", "export", "--db", str(path), "--user", "u")
