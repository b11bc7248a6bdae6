"""What an address must look like on each channel, and how people write ways: "zalo-zns:0912 345 678"."""

from __future__ import annotations

from collections.abc import Sequence

from config.settings import Settings
from domain.agencies import is_mail_address
from domain.errors import Refusal
from domain.ways import LONGEST_ADDRESS, MAIL
from notifications.channels import EMAIL, MAIL_CHANNELS, ZALO_CHANNELS, ZALO_ZNS, channel_names, service_name
from notifications.channels.service import ServiceChannel
from notifications.channels.zalo.phones import zalo_phone
from notifications.channels.zalo.plugin import IDENTITY
from notifications.wording import channel_words

SEPARATOR = ":"


def way_names(settings: Settings) -> tuple[str, ...]:
    """Every channel that can stand among somebody's ways, as people name it."""
    return (MAIL, *(name for name in channel_names(settings) if name not in MAIL_CHANNELS))


def way_words(channel: str) -> str:
    """What a way is called: "mail" stands for whatever mail channel is in force."""
    return channel_words(EMAIL if channel == MAIL else channel)


def parsed_ways(settings: Settings, own: str, written: Sequence[str]) -> list[tuple[str, str]]:
    """CHANNEL[:ADDRESS] each, checked. `own`: the mail address of whose ways they are. Raises Refusal."""
    pairs = (one.partition(SEPARATOR) for one in written)
    return [(name.strip(), checked_address(settings, name.strip(), address, own)) for name, _, address in pairs]


def checked_address(settings: Settings, channel: str, typed: str, own: str) -> str:
    """The address as the channel wants it; of mail it is somebody's own. Raises Refusal for a channel or an address
    that is none."""
    address = typed.strip()
    if channel not in way_names(settings):
        raise Refusal("channels.refused.unknown", name=channel[:40], known=", ".join(way_names(settings)))
    if channel == MAIL:
        return _mail(address, own)
    made = zalo_phone(address) if channel == ZALO_ZNS else address if _fits(settings, channel, address) else None
    if made is None:
        kind = channel if channel in ZALO_CHANNELS else "service"
        raise Refusal(f"ways.refused.address.{kind}", address=address[:LONGEST_ADDRESS], channel=channel)
    return made


def _mail(address: str, own: str) -> str:
    if address and not is_mail_address(address):
        raise Refusal("errors.bad_address", address=address)
    if address and address.casefold() != own.casefold():
        raise Refusal("ways.refused.other_mail", address=address, own=own)
    return own


def _fits(settings: Settings, channel: str, address: str) -> bool:
    service = settings.services.get(service_name(channel) or "")
    if service is not None:
        return ServiceChannel(channel, service.get_secret_value()).accepts(address)
    return IDENTITY.fullmatch(address) is not None
