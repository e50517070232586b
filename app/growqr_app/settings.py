"""The settings of the programs that run, as one typed object: flags, environment, `.env`, a file, defaults."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from growqr_app.database import Synchronous
from growqr_app.errors import UserError
from growqr_rules.violations import nearest_first, violations
from growqr_workflows import Principal

PREFIX = "GROWQR_"
DEFAULT_FILE = Path("growqr.toml")


def _split(given: object) -> object:
    """`a, b` in the environment is a list of two."""
    return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else given


Names = Annotated[list[str], NoDecode, BeforeValidator(_split)]


def _http(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must begin with http:// or https:// and name a host")
    return given.rstrip("/")


HttpAddress = Annotated[str, AfterValidator(_http)]


class HandoffEndpoint(BaseModel):
    """Where messages of one route go."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: HttpAddress
    """Takes a POST with JSON."""
    token: SecretStr | None = None
    """Sent as a bearer token."""
    timeout: float = Field(default=20.0, gt=0, le=300)
    """Seconds for the whole exchange."""


class Settings(BaseSettings):
    """All settings. Each is `GROWQR_<NAME>` in the environment and `<name>` in a file; a flag beats both."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_nested_delimiter="__",
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
    )

    db: str = ":memory:"
    """Where conversations are kept: a file, `:memory:`, or `postgresql://...`."""
    synchronous: Synchronous = "NORMAL"
    """SQLite: NORMAL survives the end of the process, FULL also a power cut."""

    service_url: HttpAddress | None = None
    """A real interview-service; None: a sandbox of its own."""
    service_token: SecretStr | None = None
    """One bearer token for all calls to it. The service cannot tell people apart by it."""
    service_secret: SecretStr | None = Field(default=None, min_length=32)
    """Instead: each call carries a JWT (HS256) for its person, with the claims that are named below."""
    service_timeout: float = Field(default=20.0, gt=0, le=300)
    """Seconds for one attempt of a call."""

    user_id: str = "user_local"
    """Who is talking where nobody signs in: in `growqr chat`, and at a server without authentication."""
    org_id: str = "org_local"
    """Their organisation."""
    user_email: str | None = None
    """Their e-mail address."""
    role: str = "seeker"
    """What they are: a role of the pack."""

    host: str = "127.0.0.1"
    """The address to listen on: loopback only, unless callers authenticate."""
    port: int = Field(default=8080, ge=0, le=65535)
    """The port; 0 takes a free one."""
    allowed_hosts: Names = []
    """Names by which clients may call the server (`Host`); empty: any, and loopback names without authentication."""
    cors_origins: Names = []
    """Origins whose pages may call the server; empty: none."""

    jwt_secret: SecretStr | None = Field(default=None, min_length=32)
    """Takes JWTs signed with HS256."""
    jwt_public_key: Path | None = None
    """A PEM file: takes JWTs signed with RS256."""
    jwks_file: Path | None = None
    """A JSON Web Key Set: takes JWTs signed with RS256 by one of its keys."""
    jwt_issuer: str | None = None
    """What `iss` must be."""
    jwt_audience: str | None = None
    """What `aud` must hold."""
    jwt_leeway: float = Field(default=10.0, ge=0, le=300)
    """Seconds by which clocks may differ."""
    claim_user: str = "sub"
    """The claim that holds the user's id."""
    claim_org: str = "org"
    """The claim that holds the organisation's id."""
    claim_role: str = "role"
    """The claim that holds the role; a token without it is a seeker's."""
    tokens_file: Path | None = None
    """Static bearer tokens, as their SHA-256: see `growqr token`."""

    body_limit: int = Field(default=262_144, ge=1024, le=16_000_000)
    """Bytes of a request's body."""
    batch_limit: int = Field(default=1000, ge=1, le=100_000)
    """Messages in one batch."""
    receive_timeout: float = Field(default=10.0, gt=0, le=300)
    """Seconds for a request to arrive: its head, and its body."""
    turn_timeout: float = Field(default=60.0, gt=0, le=600)
    """Seconds after which a client stops waiting for its turn, which goes on."""
    shutdown_timeout: float = Field(default=30.0, gt=0, le=600)
    """Seconds that turns have to finish when the server is told to stop."""
    rate_per_minute: int = Field(default=240, ge=1)
    """Requests a minute that one principal may make of this process, on average."""
    rate_burst: int = Field(default=60, ge=1)
    """Requests that may come at once."""
    connections: int = Field(default=1000, ge=1)
    """Connections at the same time; more are answered with 503."""

    pack: Path | None = None
    """A rule pack's folder; None: the one that ships."""
    pack_watch: float = Field(default=2.0, ge=0, le=3600)
    """Seconds between two looks at the pack; 0: never looked at again."""
    pack_goldens: Path | None = None
    """Golden conversations that a changed pack must keep before it is taken."""
    handoff: dict[str, HandoffEndpoint] = {}
    """Route -> the agent that answers its messages."""

    log_format: Literal["json", "console"] = "json"
    """`console` is for people who develop."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What is logged at least."""
    metrics_public: bool = False
    """Whether `/metrics` needs no authentication."""
    tracing: bool = False
    """OpenTelemetry spans, sent where OTEL_EXPORTER_OTLP_ENDPOINT says; needs the extra `[otel]`."""

    def local_principal(self) -> Principal:
        """Who is talking where nobody signs in."""
        return Principal(user_id=self.user_id, org_id=self.org_id, email=self.user_email, role=self.role)


def load_settings(config: Path | None = None, **flags: Any) -> Settings:  # noqa: ANN401 - any field's value
    """The settings in force.

    Args:
        config: a TOML file; default: `growqr.toml`, where there is one.
        flags: settings that beat all others; None where a flag was not given.

    Raises:
        UserError: a value cannot be used, or the file names no setting.
    """
    in_file = _read_file(config)

    class Sourced(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, dotenv_settings, InitSettingsSource(settings_cls, in_file)

    try:
        return Sourced(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        raise UserError("\n".join(_explained(error))) from None
    except SettingsError as error:
        name = str(error).partition('"')[2].partition('"')[0]  # it names the field in quotes, and nothing else does
        raise UserError(_about((name,), "must be a JSON object.")) from None


def unknown_names(names: Iterable[str]) -> list[str]:
    """Those of the environment's names that look like settings and are none."""
    known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
    return sorted(
        name for name in names if name.upper().startswith(PREFIX) and name.upper().split("__")[0] not in known
    )


def named_database(flag: str | None) -> str:
    """The database that a flag or the settings name.

    Raises:
        UserError: none is named: what is in memory only is gone with its process.
    """
    named = load_settings(db=flag).db
    if named == ":memory:":
        raise UserError("Name the database: --db, or GROWQR_DB.")
    return named


def _read_file(config: Path | None) -> dict[str, Any]:
    if config is None and not DEFAULT_FILE.is_file():
        return {}
    path = config or DEFAULT_FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: is no TOML file: {error}.") from error
    unknown = sorted(found.keys() - Settings.model_fields.keys())
    if unknown:
        raise UserError(
            f"{path}: there is no setting {unknown[0]!r}.",
            allowed=nearest_first(unknown[0], sorted(Settings.model_fields)),
        )
    return found


def _explained(error: ValidationError) -> list[str]:
    """One line for each wrong value; values are not shown, since they may be secret."""
    return [_about(found.path, found.sentence) for found in violations(error, Settings)]


def _about(path: tuple[str | int, ...], sentence: str) -> str:
    names = [str(part) for part in path]
    return f"The setting {'.'.join(names)} ({PREFIX}{'__'.join(names).upper()}): {sentence}"
