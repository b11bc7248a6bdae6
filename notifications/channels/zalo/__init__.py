"""Zalo: messages of an Official Account, approved templates (ZNS) and the Bot API, built from public descriptions."""

from __future__ import annotations

from notifications.channels.zalo.bot import BotPlugin
from notifications.channels.zalo.oa import OaPlugin
from notifications.channels.zalo.settings import ZaloSettings
from notifications.channels.zalo.zns import ZnsPlugin

__all__ = ["PLUGINS", "BotPlugin", "OaPlugin", "ZaloSettings", "ZnsPlugin"]

PLUGINS = (OaPlugin, ZnsPlugin, BotPlugin)  #: in the order in which an office should prefer them
