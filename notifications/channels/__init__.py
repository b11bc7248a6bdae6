"""The channels: one file or folder each, made from settings and never from what a user typed.

How another one is added: docs/channels.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import quote

from apprise import Apprise, NotificationManager

from config.settings import Settings
from domain.errors import Refusal
from domain.store import Ledger
from notifications.channels.contract import Channel
from notifications.channels.email import SmtpPlugin
from notifications.channels.maildir import MaildirPlugin
from notifications.channels.service import ServiceChannel
from notifications.channels.zalo import BotPlugin, OaPlugin, ZnsPlugin
from notifications.channels.zalo.settings import zalo_settings
from notifications.channels.zalo.tokens import ledger_tokens

MAILDIR, EMAIL = "maildir", "email"
MAIL_CHANNELS = (EMAIL, MAILDIR)
ZALO_OA, ZALO_ZNS, ZALO_BOT = "zalo-oa", "zalo-zns", "zalo-bot"
ZALO_CHANNELS = (ZALO_OA, ZALO_ZNS, ZALO_BOT)  #: in the order in which an office should prefer them
SERVICE = "apprise-"  #: what the name of a channel begins with that is a service of the office's own
#: What DONDOC_SMTP_URL may begin with, and the plugin address it becomes.
SMTP_SCHEMES = {"smtp": "dondocmail", "smtp+starttls": "dondocmail", "smtps": "dondocmails"}
#: The settings without which a channel is none.
NEEDS: Mapping[str, tuple[str, ...]] = {
    EMAIL: ("smtp_url",),
    ZALO_OA: ("zalo_app_id", "zalo_secret_key"),
    ZALO_ZNS: ("zalo_app_id", "zalo_secret_key", "zalo_templates"),
    ZALO_BOT: ("zalo_bot_token",),
}

_known = NotificationManager()
for _plugin in (MaildirPlugin, SmtpPlugin):
    if _plugin.protocol not in _known:
        _known.add(_plugin)


def channel_in_force(settings: Settings, *, simulated: bool) -> str:
    """The channel that new mail goes by: a folder, unless a live office has a mail server."""
    return EMAIL if settings.smtp_url.get_secret_value() and not simulated else MAILDIR


def chat_channels(settings: Settings, *, simulated: bool) -> frozenset[str]:
    """Every channel beside mail that the settings make usable; none on a simulated office."""
    if simulated:
        return frozenset()
    return frozenset(
        name for name in channel_names(settings) if name not in MAIL_CHANNELS and not lacking(name, settings)
    )


def channel_names(settings: Settings) -> tuple[str, ...]:
    """Every channel there is: mail, Zalo's, and the services of the settings."""
    return (*MAIL_CHANNELS, *ZALO_CHANNELS, *(f"{SERVICE}{name}" for name in settings.services))


def service_name(channel: str) -> str | None:
    """What the settings call the service of a channel; None for a channel that is none."""
    return channel.removeprefix(SERVICE) if channel.startswith(SERVICE) else None


def lacking(channel: str, settings: Settings) -> tuple[str, ...]:
    """The settings that a channel needs and that are empty."""
    return tuple(name for name in NEEDS.get(channel, ()) if not getattr(settings, name))


def open_channel(name: str, settings: Settings, ledger: Ledger | None = None) -> Channel:
    """The channel, made from settings. Zalo's tokens are in the ledger. Raises Refusal when they do not make one."""
    if name in MAIL_CHANNELS:
        return _mail(name, settings)
    service = settings.services.get(service_name(name) or "")
    if service is not None:
        return ServiceChannel(name, service.get_secret_value())
    if name == ZALO_BOT:
        return cast(Channel, BotPlugin(zalo_settings(settings)))
    if name not in ZALO_CHANNELS or ledger is None:
        raise Refusal("channels.refused.unknown", name=name[:40], known=", ".join(channel_names(settings)))
    plugin = OaPlugin if name == ZALO_OA else ZnsPlugin
    return cast(Channel, plugin(zalo_settings(settings), ledger_tokens(ledger, settings)))


def _mail(name: str, settings: Settings) -> Channel:
    url = f"maildir://{quote(str(settings.mail_folder))}" if name == MAILDIR else smtp_address(settings)
    try:
        plugin = Apprise.instantiate(url, suppress_exceptions=False)
    except (TypeError, ValueError):  # without the address in the traceback: it can hold a password
        plugin = None
    if plugin is None:
        raise Refusal("errors.bad_smtp_url")
    return cast(Channel, plugin)


def smtp_address(settings: Settings) -> str:
    """DONDOC_SMTP_URL as the plugin's address. Raises Refusal for a scheme that is not known."""
    scheme, separator, rest = settings.smtp_url.get_secret_value().partition("://")
    if not separator or scheme not in SMTP_SCHEMES or not rest:
        raise Refusal("errors.bad_smtp_url")
    return f"{SMTP_SCHEMES[scheme]}://{rest.rstrip('/')}" + ("?mode=starttls" if scheme == "smtp+starttls" else "")
