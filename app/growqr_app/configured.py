"""`growqr config` and `growqr token`: the settings in force, and bearer tokens to give out."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from growqr_app import show
from growqr_app.database import without_password
from growqr_app.errors import UserError
from growqr_app.server.authentication import token_hash
from growqr_app.settings import Settings, load_settings, unknown_names
from growqr_rules import load_pack


def show_settings(settings: Settings, *, as_json: bool) -> None:
    """Print every setting, secrets hidden; names in the environment that are no settings are told on standard error."""
    for name in unknown_names(os.environ):
        sys.stderr.write(f"growqr: {name} is set, but is no setting\n")
    values = {name: _shown(name, getattr(settings, name)) for name in Settings.model_fields}
    if as_json:
        sys.stdout.write(json.dumps(values, ensure_ascii=False, indent=2) + "\n")
        return
    facts = {
        name: "" if value is None else value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }
    show.console().print(show.facts(facts))


def _shown(name: str, value: Any) -> Any:  # noqa: ANN401 - any setting
    if isinstance(value, SecretStr):
        return "(set)"
    if isinstance(value, BaseModel):
        return {key: _shown(key, item) for key, item in value}
    if isinstance(value, dict):
        return {key: _shown(key, item) for key, item in value.items()}
    if isinstance(value, Path):
        return str(value)
    return without_password(value) if name in ("db", "service_url", "url") and value else value


def make_token(user: str, org: str, role: str) -> None:
    """Print the entry of the tokens file that lets a new bearer token in; the token itself goes to standard error.

    Raises:
        UserError: the role is not one of those that the pack of the settings has.
    """
    roles = tuple(load_pack(load_settings().pack).manifest.roles)
    if role not in roles:
        raise UserError(f"There is no role {role!r}.", allowed=roles)
    token = secrets.token_urlsafe(32)
    entry = {"sha256": token_hash(token), "user": user, "org": org, "role": role}
    sys.stdout.write("[[token]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in entry.items()))
    sys.stderr.write(f"The token, which is kept nowhere: {token}\n")
