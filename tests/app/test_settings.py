"""Settings: flags beat the environment, that `.env`, that a file, that the defaults; secrets are never shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from growqr_app.cli import app
from growqr_app.errors import UserError
from growqr_app.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_source_beats_the_next(elsewhere, monkeypatch):
    (elsewhere / "growqr.toml").write_text('port = 1\nhost = "::1"\nuser_id = "file"\norg_id = "file"\n')
    (elsewhere / ".env").write_text("GROWQR_PORT=2\nGROWQR_HOST=::2\nGROWQR_USER_ID=dotenv\nOTHER=x\n")
    monkeypatch.setenv("GROWQR_PORT", "3")
    monkeypatch.setenv("GROWQR_HOST", "::3")
    settings = load_settings(port=4)
    assert (settings.port, settings.host, settings.user_id, settings.org_id) == (4, "::3", "dotenv", "file")
    assert settings.role == "seeker"


def test_a_file_can_be_named(elsewhere):
    (elsewhere / "other.toml").write_text('[handoff.resume]\nurl = "http://resume.example/ask"\n')
    assert load_settings(elsewhere / "other.toml").handoff["resume"].url == "http://resume.example/ask"


def test_a_hand_off_can_be_set_in_the_environment(monkeypatch):
    monkeypatch.setenv("GROWQR_HANDOFF__RESUME__URL", "https://resume.example")
    monkeypatch.setenv("GROWQR_HANDOFF__RESUME__TOKEN", "t")
    assert load_settings().handoff["resume"].token.get_secret_value() == "t"


def test_lists_are_given_with_commas(monkeypatch):
    monkeypatch.setenv("GROWQR_ALLOWED_HOSTS", "a.example, b.example")
    assert load_settings().allowed_hosts == ["a.example", "b.example"]


def test_a_name_that_is_no_setting_is_told(monkeypatch):
    monkeypatch.setenv("GROWQR_PROT", "1")
    monkeypatch.setenv("GROWQR_HANDOFF__RESUME__URL", "http://x")
    told = CliRunner().invoke(app, ["config"])
    assert told.stderr == "growqr: GROWQR_PROT is set, but is no setting\n"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("GROWQR_HANDOFF", "{", r"handoff \(GROWQR_HANDOFF\): must be a JSON object\.$"),
        ("GROWQR_PORT", "tcp://10.0.0.1:80", r"port \(GROWQR_PORT\): must be a whole number\.$"),
        ("GROWQR_PORT", "99999", r"port .*: must be less than or equal to 65535\.$"),
        ("GROWQR_TRACING", "maybe", r"tracing .*: must be true or false\.$"),
        ("GROWQR_SYNCHRONOUS", "OFF", r"synchronous .*: is not allowed\. Allowed: NORMAL, FULL\.$"),
        ("GROWQR_LOG_LEVEL", "warn", r"log_level .*Allowed: warning, debug, info, error\.$"),
        ("GROWQR_JWT_SECRET", "short", r"jwt_secret .*: must have at least 32"),
        ("GROWQR_HANDOFF__RESUME__URL", "ftp://x", r"\(GROWQR_HANDOFF__RESUME__URL\): must begin with http"),
        ("GROWQR_HANDOFF__RESUME__TIMEOUT", "5", r"handoff\.resume\.url .*: is missing\.$"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=says) as told:
        load_settings()
    assert "short" not in str(told.value)


def test_a_file_with_an_unknown_setting_lists_those_that_there_are(elsewhere):
    (elsewhere / "growqr.toml").write_text("prot = 1\n")
    with pytest.raises(UserError, match=r"no setting 'prot'.*Allowed: port, allowed_hosts, "):
        load_settings()


def test_an_unknown_key_in_a_table_of_the_file_lists_those_that_there_are(elsewhere):
    (elsewhere / "growqr.toml").write_text('[handoff.resume]\nurl = "http://x"\ntokn = "pw"\n')
    with pytest.raises(UserError, match=r"handoff\.resume\.tokn .*not a known key\. Allowed: token, url, timeout\.$"):
        load_settings()


def test_a_file_that_is_no_toml_is_named(elsewhere):
    (elsewhere / "growqr.toml").write_text("port: 1\n")
    with pytest.raises(UserError, match=r"growqr\.toml: is no TOML"):
        load_settings()


def test_config_shows_every_setting_and_hides_secrets(elsewhere, monkeypatch):
    (elsewhere / "growqr.toml").write_text('[handoff.resume]\nurl = "http://u:pw1@resume.example"\ntoken = "pw2"\n')
    monkeypatch.setenv("GROWQR_DB", "postgresql://me:pw3@db.example/growqr")
    monkeypatch.setenv("GROWQR_JWT_SECRET", "pw4" * 11)
    shown = CliRunner().invoke(app, ["config", "--json"]).output
    told = json.loads(shown)
    assert told.keys() == Settings.model_fields.keys()
    assert told["db"] == "postgresql://me:***@db.example/growqr"
    assert (told["jwt_secret"], told["service_token"]) == ("(set)", None)
    assert told["handoff"]["resume"]["token"] == "(set)"
    assert "pw" not in shown
    assert "pw" not in CliRunner().invoke(app, ["config"]).output


def test_the_documents_table_is_that_of_the_settings():
    """docs/server.md has a row for each setting, with its default and what it says of itself."""
    document = (Path(__file__).parents[2] / "docs" / "server.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        plain = default if isinstance(default, str) else json.dumps(default)
        shown = "" if default in (None, [], {}) else f"`{plain}`"
        assert f"| `{name}` | {shown} | {' '.join(field.description.split())} |\n" in document


def test_the_store_gets_its_durability_from_the_settings(serve_with, elsewhere):
    with serve_with(db=str(elsewhere / "kept.db"), synchronous="FULL") as server:
        backend = server.app.state.backend
        server.post("/v1/conversations/c/messages", json={"text": "help"})
        assert backend.store._driver._synchronous == "FULL"
