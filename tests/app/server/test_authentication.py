"""Who may come in: JWTs of three kinds, and static tokens that are kept as hashes."""

from __future__ import annotations

import json

import jwt
import pytest
from starlette.requests import Request

from growqr_app.configured import make_token
from growqr_app.errors import UserError
from growqr_app.server.authentication import authentication
from growqr_app.server.endpoints import ENDPOINTS
from growqr_app.server.gate import Gate
from growqr_app.server.problems import ApiProblem
from growqr_app.settings import load_settings

ROUTE = next(e for e in ENDPOINTS if e.path == "/v1/route")


def who(settings, token):
    return authentication(settings)(f"Bearer {token}")


def test_a_token_says_user_organisation_role_and_email(secret, token):
    me = who(load_settings(jwt_secret=secret), token("u", "o", role="admin", email="u@x.io", name="Uma"))
    assert (me.user_id, me.org_id, me.role, me.email, me.name) == ("u", "o", "admin", "u@x.io", "Uma")


def test_claims_may_have_other_names(secret, token):
    settings = load_settings(jwt_secret=secret, claim_user="uid", claim_org="tenant")
    assert who(settings, token(None, None, uid="u", tenant="t")).org_id == "t"


def test_a_public_key_takes_rs256(tmp_path, rsa_key, public_pem, token):
    pem = tmp_path / "key.pem"
    pem.write_bytes(public_pem)
    assert who(load_settings(jwt_public_key=pem), token("u", key=rsa_key, algorithm="RS256")).user_id == "u"


def test_a_key_set_takes_the_key_that_the_token_names(tmp_path, rsa_key, token):
    key = jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key.public_key(), as_dict=True)
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [{**key, "kid": "a"}, {**key, "kid": "b"}]}), encoding="utf-8")
    settings = load_settings(jwks_file=file)
    named = token("u", key=rsa_key, algorithm="RS256", header={"kid": "b"})
    assert who(settings, named).user_id == "u"
    for header in ({"kid": "c"}, {"kid": "../../../etc/passwd"}, None):
        with pytest.raises(ApiProblem):
            who(settings, token("u", key=rsa_key, algorithm="RS256", header=header))


def test_a_static_token_is_known_by_its_hash(tmp_path, capsys):
    make_token("u", "o", "admin")
    entry, told = capsys.readouterr()
    file = tmp_path / "tokens.toml"
    file.write_text(entry, encoding="utf-8")
    secret = told.split()[-1]
    settings = load_settings(tokens_file=file)
    assert who(settings, secret).role == "admin"
    assert secret not in entry
    with pytest.raises(ApiProblem):
        who(settings, secret[:-1])


@pytest.mark.parametrize(
    ("setting", "content", "says"),
    [
        ("jwt_public_key", "no key", "is no RSA public key"),
        ("jwks_file", "{}", "is no JSON Web Key Set"),
        ("jwks_file", "[", "is no JSON Web Key Set"),
        ("tokens_file", "token = 3", "token: must be a list"),
        ("tokens_file", '[[token]]\nusr = "u"', "token.0.usr: is not a known key. Allowed: user, "),
        ("tokens_file", '[[token]]\nsha256 = "plain"\nuser = "u"\norg = "o"', "token.0.sha256: must be 64 hex"),
        ("tokens_file", "[[", "is no TOML file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, setting, content, says):
    file = tmp_path / "given"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=f"(?s){file}.*{says}"):
        authentication(load_settings(**{setting: file}))


def test_nothing_configured_means_no_authentication():
    assert authentication(load_settings()) is None


def test_one_principal_can_ask_too_often_without_costing_another(secret, token):
    settings = load_settings(jwt_secret=secret, rate_burst=2, rate_per_minute=1)
    gate = Gate(authentication(settings), settings)

    def come(user):
        headers = [(b"authorization", f"Bearer {token(user)}".encode())]
        return gate.admit(Request({"type": "http", "headers": headers}), ROUTE, ["seeker"])

    come("a"), come("a")
    with pytest.raises(ApiProblem) as refused:
        come("a")
    assert (refused.value.status, int(refused.value.headers["Retry-After"])) == (429, 60)
    assert come("b").user_id == "b"
