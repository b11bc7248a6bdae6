"""Where Zalo is and who we are there. Hosts and paths are settings: they come from public descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from config.settings import Settings
from domain.errors import Refusal

DEFAULT = "default"  #: the kind of template that serves every kind without one of its own
NO_TEMPLATES: Mapping[str, str] = MappingProxyType({})
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Template:
    """One approved template, as settings write it: "300123", or "300123:what,number,link"."""

    id: str
    names: tuple[str, ...]  #: its parameters; empty: every fact is one

    def fill(self, facts: Mapping[str, str]) -> Mapping[str, str]:
        """Of a letter's facts those that are its parameters."""
        return {name: facts.get(name, "") for name in self.names} if self.names else facts


@dataclass(frozen=True, slots=True)
class ZaloSettings:
    """What the channels are told from outside. Secrets never stand in its repr.

    Raises Refusal for a host that would carry secrets in the clear, and for a secret that no header can hold.
    """

    app_id: str = ""
    secret_key: str = field(default="", repr=False)  #: of the app; asks for tokens
    oa_secret: str = field(default="", repr=False)  #: of the Official Account; signs the webhook's events
    bot_token: str = field(default="", repr=False)
    templates: Mapping[str, str] = field(default_factory=lambda: NO_TEMPLATES)  #: kind of message -> template
    mode: str = ""  #: "development": templates reach only the administrators of the account
    patience: float = 15.0  #: seconds that Zalo may take for one answer

    oauth_host: str = "https://oauth.zaloapp.com"
    oa_host: str = "https://openapi.zalo.me"
    zns_host: str = "https://business.openapi.zalo.me"
    bot_host: str = "https://bot-api.zaloplatforms.com"
    consent_path: str = "/v4/oa/permission"
    token_path: str = "/v4/oa/access_token"
    message_path: str = "/v3.0/oa/message/cs"
    template_path: str = "/message/template"
    status_path: str = "/message/status"

    def __post_init__(self) -> None:
        for host in (self.oauth_host, self.oa_host, self.zns_host, self.bot_host):
            if not _is_safe(host):
                raise Refusal("zalo.settings.bad_host", host=host)
        for name in ("secret_key", "oa_secret", "bot_token"):
            if not _fits_a_header(getattr(self, name)):
                raise Refusal("zalo.settings.bad_secret", name=name)

    def require(self, *names: str) -> None:
        """Raises Refusal that names the settings among `names` that are empty."""
        known = {one.name for one in fields(self)}
        lacking = [name for name in names if name in known and not getattr(self, name)]
        if lacking:
            raise Refusal("zalo.settings.lacking", names=", ".join(f"DONDOC_ZALO_{name.upper()}" for name in lacking))

    def template_for(self, kind: str) -> Template | None:
        """The approved template for a kind of message; None where the office has none."""
        written = self.templates.get(kind) or self.templates.get(DEFAULT, "")
        id_, _, names = written.partition(":")
        return Template(id_.strip(), tuple(one.strip() for one in names.split(",") if one.strip())) if id_ else None


def zalo_settings(settings: Settings) -> ZaloSettings:
    """The installation's settings whose names begin with `zalo_`. Raises Refusal like ZaloSettings."""
    given: dict[str, Any] = {one.name: getattr(settings, f"zalo_{one.name}") for one in fields(ZaloSettings)}
    secrets = {name: one.get_secret_value() for name, one in given.items() if isinstance(one, SecretStr)}
    return ZaloSettings(**(given | secrets))


def _is_safe(host: str) -> bool:
    try:
        parts = urlsplit(host)
    except ValueError:
        return False
    plain = parts.scheme == "http" and parts.hostname in THIS_MACHINE
    return bool(parts.hostname) and (parts.scheme == "https" or plain) and not parts.query and not parts.username


def _fits_a_header(secret: str) -> bool:
    return all("!" <= character <= "~" for character in secret)
