"""The one place where settings are declared: `DONDOC_*` variables, or `dondoc.env` in the home folder."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
ZONE = "Asia/Ho_Chi_Minh"
HOME_VARIABLE = "DONDOC_HOME"
LOCAL_HOST = "127.0.0.1"
SHORTEST_SECRET = 32  #: characters
SERVICE = re.compile(r"[a-z][a-z0-9-]{0,29}")  #: what an office calls a service of its own
ADDRESS = "{address}"  #: in a service's address: the recipient


class Settings(BaseSettings):
    """What an installation is told from outside. Each field is the variable `DONDOC_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="DONDOC_", extra="ignore", frozen=True)

    home: Path = Path("var")  #: folder of the embedded default: database, mail, attachments, logs, Prefect's home
    database_url: str = ""  #: SQLAlchemy address of the ledger; empty: SQLite in the home folder
    smtp_url: SecretStr = SecretStr(
        ""
    )  #: smtp://, smtp+starttls:// or smtps://[user:password@]host[:port]; empty: maildir
    mail_from: str = "don-doc@vanphong.example"  #: sender of every mail
    office_mailbox: str = ""  #: where everything goes in shadow mode; empty: to the sender of every mail
    imap_url: SecretStr = SecretStr("")  #: imaps:// or imap+starttls://user:password@host[:port][/FOLDER]; empty: none
    imap_poll_minutes: int = Field(default=5, ge=1, le=1440)  #: how often the mailbox is looked into
    zalo_app_id: str = ""  #: of the app at developers.zalo.me that speaks for the Official Account
    zalo_secret_key: SecretStr = SecretStr("")  #: of that app; asks for tokens
    zalo_oa_secret: SecretStr = SecretStr("")  #: of the Official Account; signs the events that Zalo sends us
    zalo_bot_token: SecretStr = SecretStr("")  #: of a bot; empty: none
    zalo_bot_secret: SecretStr = SecretStr("")  #: that the bot's `setWebhook` was given; empty: no events of a bot
    zalo_templates: Annotated[dict[str, str], NoDecode] = {}  #: kind of message, or "default" -> approved template
    zalo_mode: Literal["", "development"] = ""  #: development: templates reach the account's administrators only
    zalo_patience: float = Field(default=15.0, gt=0)  #: seconds that Zalo may take for one answer
    zalo_oauth_host: str = "https://oauth.zaloapp.com"
    zalo_oa_host: str = "https://openapi.zalo.me"
    zalo_zns_host: str = "https://business.openapi.zalo.me"
    zalo_bot_host: str = "https://bot-api.zaloplatforms.com"
    zalo_consent_path: str = "/v4/oa/permission"
    zalo_token_path: str = "/v4/oa/access_token"
    zalo_message_path: str = "/v3.0/oa/message/cs"
    zalo_template_path: str = "/message/template"
    zalo_status_path: str = "/message/status"
    services: Annotated[dict[str, SecretStr], NoDecode] = {}  #: name -> Apprise address with {address} in it
    policy_file: Path | None = None  #: seeds a new office instead of the policy.yaml that comes along
    agencies_file: Path | None = None  #: seeds a new office instead of the agencies.yaml that comes along
    calendar_file: Path | None = None  #: seeds a new office instead of the calendar.yaml that comes along
    public_url: str = ""  #: where people reach the web pages, https://…; empty: this machine only, on `web_port`
    web_host: str = LOCAL_HOST  #: the address that the web pages are served on
    web_port: int = Field(default=8080, ge=1, le=65535)  #: the port that the web pages are served on
    trusted_proxy: str = ""  #: address of the reverse proxy whose X-Forwarded-For is believed; empty: nobody's
    secret_key: SecretStr = SecretStr("")  #: signs links and forms, 32 characters or more; empty: a file in the home
    prefect_port: int = Field(default=4200, ge=1, le=65535)  #: loopback port of the Prefect server
    prefect_api_url: str = ""  #: a Prefect server run elsewhere; empty: the one `dondoc up` starts on `prefect_port`
    poll_seconds: float = Field(default=3.0, gt=0)  #: how often the runner asks Prefect for due runs
    language: Literal["vi", "en"] = "vi"  #: language of messages and command output
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("home")
    @classmethod
    def absolute(cls, home: Path) -> Path:
        """Resolved once, so that no later change of directory moves the office."""
        return home.expanduser().resolve()

    @field_validator("secret_key")
    @classmethod
    def long_enough(cls, secret: SecretStr) -> SecretStr:
        """A short secret would make links guessable."""
        if 0 < len(secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"at least {SHORTEST_SECRET} characters")
        return secret

    @field_validator("zalo_templates", "services", mode="before")
    @classmethod
    def an_object(cls, given: object) -> object:
        """Read here, so that what is no JSON is told like any other wrong value, and never shown: it holds secrets."""
        try:
            read = json.loads(given or "{}") if isinstance(given, str) else given
        except ValueError:
            read = None
        if not isinstance(read, dict):
            raise ValueError('a JSON object like {"name": "value"}')
        return read

    @field_validator("services")
    @classmethod
    def with_a_recipient(cls, services: dict[str, SecretStr]) -> dict[str, SecretStr]:
        """Each has a name that a channel can have, and a place for the recipient."""
        for name, address in services.items():
            if not SERVICE.fullmatch(name):
                raise ValueError("names of small letters, digits and hyphens")
            if ADDRESS not in address.get_secret_value() or "://" not in address.get_secret_value():
                raise ValueError(f"{name}: an address like scheme://token/{ADDRESS}")
        return services

    @field_validator("public_url")
    @classmethod
    def an_address(cls, url: str) -> str:
        """Without a slash at the end, so that paths can follow."""
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("an address that begins with https:// or http://")
        return url.rstrip("/")

    @property
    def base_url(self) -> str:
        """Where the web pages are, for links in messages."""
        return self.public_url or f"http://{LOCAL_HOST}:{self.web_port}"

    @property
    def prefect_ui(self) -> str:
        """Where the Prefect UI is."""
        return self.prefect_api.removesuffix("/api")

    @property
    def secret_file(self) -> Path:
        """Where the secret is that was made when the settings name none."""
        return self.home / "secret.key"

    @property
    def ledger_url(self) -> str:
        """SQLAlchemy address of the ledger."""
        if not self.database_url or self.simulated_marker.exists():  # a replay never touches a live ledger
            return f"sqlite:///{self.home / 'dondoc.db'}"
        scheme, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgresql", "postgres") else self.database_url

    @property
    def simulated_marker(self) -> Path:
        """The file that marks a home folder as a replay's own."""
        return self.home / "simulated"

    @property
    def mail_folder(self) -> Path:
        """Where `maildir://` puts its .eml files."""
        return self.home / "mail"

    @property
    def attachments_folder(self) -> Path:
        """Where attached files are kept, named by their SHA-256."""
        return self.home / "attachments"

    @property
    def templates_folder(self) -> Path:
        """Where an office's own templates are, in `vi/` and `en/`; they come before those that are built in."""
        return self.home / "templates"

    @property
    def letters_folder(self) -> Path:
        """Where an office's own Word templates are."""
        return self.templates_folder / "letters"

    @property
    def logs_folder(self) -> Path:
        """Where the structured logs are kept."""
        return self.home / "logs"

    @property
    def locks_folder(self) -> Path:
        """Where the channels' lock files are."""
        return self.home / "locks"

    @property
    def prefect_home(self) -> Path:
        """Prefect's own folder and database."""
        return self.home / "prefect"

    @property
    def prefect_api(self) -> str:
        """The Prefect API this office talks to."""
        return self.prefect_api_url or f"http://{LOCAL_HOST}:{self.prefect_port}/api"

    def child_environment(self) -> dict[str, str]:
        """The environment of every process that imports Prefect: this office's server, and never a private one."""
        return {
            HOME_VARIABLE: str(self.home),
            "PREFECT_HOME": str(self.prefect_home),
            "PREFECT_API_URL": self.prefect_api,
            "PREFECT_UI_API_URL": self.prefect_api,
            "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
            "PREFECT_LOGGING_LEVEL": os.environ.get("PREFECT_LOGGING_LEVEL", "WARNING"),
            "PREFECT_RUNNER_POLL_FREQUENCY": str(self.poll_seconds),
            "DO_NOT_TRACK": "1",
        }

    def point_prefect_here(self) -> None:
        """Sets Prefect's environment in this process; to be called before Prefect is imported."""
        os.environ.update(self.child_environment())


def home_folder() -> Path:
    """`DONDOC_HOME`, made absolute the first time anybody asks, for this process and those it starts."""
    home = Path(os.environ.get(HOME_VARIABLE) or "var").expanduser().resolve()
    os.environ[HOME_VARIABLE] = str(home)
    return home


def load_settings(**overrides: Any) -> Settings:
    """The settings in force. Raises pydantic.ValidationError that names each variable with a wrong value."""
    home = Path(overrides.pop("home", None) or home_folder())
    return Settings(home=home, _env_file=home / "dondoc.env", _env_file_encoding="utf-8", **overrides)
