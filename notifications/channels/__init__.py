"""The channels: Apprise plugins, one file each, made from settings and never from what a user typed."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from apprise import Apprise, NotificationManager

from config.settings import Settings
from domain.errors import Refusal
from notifications.channels.contract import Channel
from notifications.channels.email import SmtpPlugin
from notifications.channels.maildir import MaildirPlugin

MAILDIR, EMAIL = "maildir", "email"
#: What DONDOC_SMTP_URL may begin with, and the plugin address it becomes.
SMTP_SCHEMES = {"smtp": "dondocmail", "smtp+starttls": "dondocmail", "smtps": "dondocmails"}

_known = NotificationManager()
for _plugin in (MaildirPlugin, SmtpPlugin):
    if _plugin.protocol not in _known:
        _known.add(_plugin)


def channel_in_force(settings: Settings, *, simulated: bool) -> str:
    """The channel that new messages go by: a folder, unless a live office has a mail server."""
    return EMAIL if settings.smtp_url.get_secret_value() and not simulated else MAILDIR


def open_channel(name: str, settings: Settings) -> Channel:
    """The channel, made from settings. Raises Refusal when they do not make one."""
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
