"""Who is calling: bearer tokens, as signed JWTs or from a list of hashes."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import jwt
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from growqr_app.errors import UserError
from growqr_app.server.problems import ApiProblem
from growqr_app.settings import Settings
from growqr_rules.violations import violations
from growqr_workflows import Principal

Authenticate = Callable[[str | None], Principal]
"""Takes the `Authorization` header. Raises `ApiProblem` 401 or 403."""
_LONGEST_TOKEN = 8192


class Claims(BaseModel):
    """Who a token speaks for."""

    user: str = Field(min_length=1, max_length=200)
    org: str = Field(min_length=1, max_length=200)
    role: str = "seeker"
    email: str | None = Field(default=None, max_length=320)
    name: str | None = Field(default=None, max_length=200)

    def principal(self) -> Principal:
        """The workflow's own form."""
        return Principal(user_id=self.user, org_id=self.org, role=self.role, email=self.email, name=self.name)


def _hash(given: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", given):
        raise ValueError("must be 64 hexadecimal digits, the SHA-256 of a token; `growqr token` makes a whole entry")
    return given


class _Token(Claims):
    model_config = ConfigDict(extra="forbid")
    sha256: Annotated[str, AfterValidator(_hash)]
    """Of the token, in hexadecimal."""


class _Tokens(BaseModel):
    model_config = ConfigDict(extra="forbid")
    token: list[_Token] = Field(min_length=1)


def authentication(settings: Settings) -> Authenticate | None:
    """How callers are told apart; None where nothing is configured for it.

    Raises:
        UserError: a file of keys or tokens cannot be used.
    """
    keys, tokens = _keys(settings), _tokens(settings.tokens_file)
    if not keys and not tokens:
        return None

    def authenticate(header: str | None) -> Principal:
        token = _bearer(header)
        known = tokens.get(token_hash(token))
        return known or _signed(token, keys, settings)

    return authenticate


def token_hash(token: str) -> str:
    """How a static token is kept: tokens are long and random, so that one round of SHA-256 does."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _bearer(header: str | None) -> str:
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
        raise _refused("A bearer token is needed.")
    return token


def _refused(detail: str) -> ApiProblem:
    return ApiProblem(401, "unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


Keys = Mapping[str, Callable[[str | None], Any]]
"""Algorithm -> key id of a token -> the key, or None. An algorithm that is not configured has no key: `none` never."""


def _signed(token: str, keys: Keys, settings: Settings) -> Principal:
    try:
        header = jwt.get_unverified_header(token)
        algorithm = str(header.get("alg"))
        key = keys[algorithm](header.get("kid")) if algorithm in keys else None
        if key is None:
            raise _refused("The token is not valid.")
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
            leeway=settings.jwt_leeway,
            options={"require": ["exp"], "verify_aud": settings.jwt_audience is not None},
        )
    except jwt.ExpiredSignatureError:
        raise _refused("The token has expired.") from None
    except (jwt.PyJWTError, ValueError, TypeError):
        raise _refused("The token is not valid.") from None
    names = {"user": settings.claim_user, "org": settings.claim_org, "role": settings.claim_role}
    told = {
        field: claims[name] for field, name in {**names, "email": "email", "name": "name"}.items() if name in claims
    }
    try:
        return Claims.model_validate(told).principal()
    except ValidationError:
        raise ApiProblem(403, "claims", "The token does not say whose it is: user and organisation.") from None


def _keys(settings: Settings) -> Keys:
    keys: dict[str, Callable[[str | None], Any]] = {}
    if settings.jwt_secret is not None:
        secret = settings.jwt_secret.get_secret_value()
        keys["HS256"] = lambda _kid: secret
    public = _public_keys(settings)
    if public:
        only = next(iter(public.values())) if len(public) == 1 else None
        keys["RS256"] = lambda kid: public.get(kid, only)
    return keys


def _public_keys(settings: Settings) -> dict[str | None, Any]:
    """Key id -> RSA key."""
    found: dict[str | None, Any] = {}
    if settings.jwt_public_key is not None:
        pem = settings.jwt_public_key.read_bytes()
        try:
            found[None] = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).prepare_key(pem)
        except (jwt.InvalidKeyError, ValueError) as error:
            raise UserError(f"{settings.jwt_public_key}: is no RSA public key in PEM form.") from error
    if settings.jwks_file is not None:
        try:
            keys = jwt.PyJWKSet.from_json(settings.jwks_file.read_text(encoding="utf-8")).keys
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise UserError(f"{settings.jwks_file}: is no JSON Web Key Set ({error}).") from error
        found |= {key.key_id: key.key for key in keys if key.key_type == "RSA"}
        if not found:
            raise UserError(f"{settings.jwks_file}: has no RSA key.")
    return found


def _tokens(path: Path | None) -> dict[str, Principal]:
    if path is None:
        return {}
    try:
        listed = _Tokens.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UserError(f"{path}: tokens_file cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: is no TOML file: {error}.") from error
    except ValidationError as error:
        told = [f"{path}: {found.key}: {found.sentence}" for found in violations(error, _Tokens)]
        raise UserError("\n".join(told)) from None
    return {token.sha256: token.principal() for token in listed.token}
