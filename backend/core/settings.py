"""What an operator can choose. Read once, in the composition roots (app and cli), and handed down from there."""

from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_SECRET = "for-development-only"  # noqa: S105 - refused in production, see below
DEFAULT_MODEL = "multilingual-e5-small"
SHORTEST_SECRET = 32
DATABASES = ("sqlite", "postgresql")
MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls")


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Every setting with its default. The environment variable is the upper-cased name after `NAKAMAWA_`."""

    model_config = SettingsConfigDict(env_prefix="NAKAMAWA_", frozen=True, extra="forbid")

    environment: Environment = Field(
        Environment.DEVELOPMENT,
        description="development, test or production. Production refuses the default secret and demo mode.",
    )
    data_dir: Path = Field(Path("var"), description="The folder that holds all state: database, model, index, files.")
    database_url: str = Field("", description="SQLAlchemy address of the database. Empty: SQLite in the data folder.")
    database_wait_seconds: float = Field(
        5.0, gt=0, description="How long a write waits for a busy database before it is refused with 503."
    )
    secret_key: SecretStr = Field(
        SecretStr(DEFAULT_SECRET),
        description="Signs sessions, links in mails and letters, printed QR codes, invitation codes, unsubscribe links "
        "and places in lists. Another key voids all of them, those in the post too. "
        "At least 32 characters in production.",
    )
    session_days: int = Field(14, ge=1, le=365, description="How long a sign-in lasts, in days.")
    demo: bool = Field(
        default=False, description="Offer one-click demo people on the sign-in page. Never in production."
    )
    allowed_hosts: tuple[str, ...] = Field(
        (),
        description="Host names that are answered, besides those of the machine itself, as a JSON list "
        '(["match.example.jp"]). Empty: any.',
    )
    base_url: str = Field(
        "http://127.0.0.1:8000",
        description="The address of this site as people outside reach it; links in mails use it.",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="The mail server: `smtp+starttls://user:password@host:587`, `smtps://…:465` or `smtp://host:25`. "
        "Empty: mails are kept for an admin to read; in production they wait.",
    )
    mail_from: str = Field(
        "ナカマワ <no-reply@nakamawa.example>", description="The sender of mails, as `name <address>` or an address."
    )
    oidc_issuer: str = Field(
        "",
        description="Sign-in with the accounts of an organisation by OpenID Connect: the address of the provider, "
        "without `/.well-known/…`. Empty: not offered.",
    )
    oidc_client_id: str = Field("", description="How the provider knows this site.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="The secret that the provider gave to this site.")
    oidc_name: str = Field("組織のアカウント", description="What the button for this sign-in is called.")
    help_phone: str = Field(
        "", description="Telephone number of the desk, named on pages and letters to workshops. Empty: none is named."
    )
    help_fax: str = Field(
        "", description="FAX number of the desk, on the sheets that workshops send back. Empty: a line."
    )
    worker_lease_seconds: int = Field(
        180, ge=1, description="After how many seconds the job of a worker that died is taken up again."
    )
    max_body_mb: int = Field(20, ge=1, description="Largest request body accepted, in megabytes.")
    max_file_mb: int = Field(50, ge=1, description="Largest drawing or other file of a case, in megabytes.")
    max_upload_mb: int = Field(
        200, ge=1, description="Largest form with files of a case, all of them together, in megabytes."
    )
    api_per_minute: int = Field(
        600, ge=1, description="How many questions one token may ask in a minute, counted in each server process."
    )
    stranger_per_minute: int = Field(
        300,
        ge=1,
        description="How many pages and answers one network address may ask for in a minute without signing in, "
        "counted in each server process.",
    )
    encoder: str = Field(
        "",
        description="Sentence-transformers model: a folder or a hub name. Empty: the one that set-up builds.",
    )
    encoder_query_prompt: str = Field("query: ", description="What the model wants before a question.")
    encoder_passage_prompt: str = Field("passage: ", description="What the model wants before a text to be found.")
    tile_url: str = Field(
        "", description="Address pattern of background map tiles. Empty: the built-in ward outlines only."
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, address: str) -> str:
        try:
            known = not address or make_url(address).get_backend_name() in DATABASES
        except ArgumentError:
            known = False
        if not known:
            raise ValueError("write it as postgresql+psycopg://user:password@host/name or sqlite:////folder/file.db")
        return address

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, address: str) -> str:
        parts = urlsplit(address.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write it as https://match.example.jp")
        return address.strip().rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _provider(cls, address: str) -> str:
        parts = urlsplit(address)
        here = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
        if address and (not parts.hostname or not (parts.scheme == "https" or here)):
            raise ValueError("write it as https://login.example.jp")
        return address

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, address: SecretStr) -> SecretStr:
        parts = urlsplit(address.get_secret_value())
        if address.get_secret_value() and (parts.scheme not in MAIL_SCHEMES or not parts.hostname):
            raise ValueError("write it as smtp+starttls://user:password@host:587")
        return address

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, sender: str) -> str:
        address = parseaddr(sender)[1]
        if "@" not in address or not address.isascii() or not sender.isprintable():
            raise ValueError("write it as ナカマワ <no-reply@example.jp>")
        return sender

    @model_validator(mode="after")
    def _provider_is_complete(self) -> Self:
        given = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret.get_secret_value())
        if any(given) and not all(given):
            raise ValueError(
                "set NAKAMAWA_OIDC_ISSUER, NAKAMAWA_OIDC_CLIENT_ID and NAKAMAWA_OIDC_CLIENT_SECRET together"
            )
        return self

    @model_validator(mode="after")
    def _production_is_safe(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            return self
        secret = self.secret_key.get_secret_value()
        if secret == DEFAULT_SECRET or len(secret) < SHORTEST_SECRET:
            raise ValueError("production needs NAKAMAWA_SECRET_KEY with at least 32 characters of your own")
        if self.demo:
            raise ValueError("production cannot run with NAKAMAWA_DEMO: it lets anyone sign in")
        return self

    @property
    def production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def database_address(self) -> str:
        """The database to use: the one named, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'nakamawa.db').absolute()}"

    @property
    def encoder_path(self) -> str:
        """The model to load: the one named, or the folder that `make model` fills."""
        return self.encoder or str(self.data_dir / "models" / DEFAULT_MODEL)
