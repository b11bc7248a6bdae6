"""`dondoczalozns://`: a template message (ZNS) to a telephone number, filled from a letter's facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from config.words import say
from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.channels.zalo.answers import Answer
from notifications.channels.zalo.limits import KIND, template_data, tracking_id
from notifications.channels.zalo.official import OfficialPlugin, decent_hour
from notifications.channels.zalo.phones import zalo_phone
from notifications.channels.zalo.settings import ZaloSettings
from notifications.channels.zalo.tokens import TokenStore
from notifications.wording import plain_line


class Arrival(StrEnum):
    """What Zalo says of a message that it took."""

    DELIVERED = "delivered"
    ON_THE_WAY = "on_the_way"  #: taken, not yet at the telephone
    NOWHERE = "nowhere"  #: Zalo knows no such message
    UNTOLD = "untold"  #: an answer that no public description explains


ARRIVALS = {"-1": Arrival.NOWHERE, "0": Arrival.ON_THE_WAY, "1": Arrival.DELIVERED}
QUOTA = ("remainingQuota", "dailyQuota")


class ZnsPlugin(OfficialPlugin):
    """Sends a letter's facts by the template that was approved for its kind."""

    service_name = "Zalo Notification Service"
    protocol = "dondoczalozns"
    templates = ("{schema}://",)

    def __init__(self, zalo: ZaloSettings, tokens: TokenStore, **kwargs: Any) -> None:
        zalo.require("templates")
        super().__init__(zalo, tokens, **kwargs)

    def deliver(self, letter: Letter) -> Receipt:
        """Hands the facts to Zalo. Raises ChannelError."""
        message = self._message(letter)
        decent_hour(letter.date)
        answer = self.ask("POST", self.zalo.zns_host + self.zalo.template_path, letter.date, json=message)
        return Receipt(_said(answer), answer.reference("msg_id"))

    def arrival(self, reference: str, now: datetime) -> Arrival:
        """What became of a message, by its receipt's reference. Raises ChannelError when Zalo does not say."""
        params = {"message_id": reference}
        answer = self.ask("GET", self.zalo.zns_host + self.zalo.status_path, now, params=params)
        return ARRIVALS.get(str(answer.data.get("status", answer.body.get("data"))), Arrival.UNTOLD)

    def _message(self, letter: Letter) -> Mapping[str, Any]:
        if (phone := zalo_phone(letter.address)) is None:
            raise ChannelError(say("zalo.letter.bad_phone"), Fault.ADDRESS)
        if (template := self.zalo.template_for(letter.facts.get(KIND, ""))) is None:
            raise ChannelError(say("zalo.letter.no_template"), Fault.REFUSED)
        message = {
            "phone": phone,
            "template_id": template.id,
            "template_data": template_data(template.fill(letter.facts)),
            "tracking_id": tracking_id(letter.message_id),
        }
        return message | ({"mode": self.zalo.mode} if self.zalo.mode else {})


def _said(answer: Answer) -> str:
    """Zalo's words, and what is left of the day's quota where it tells."""
    quota = answer.data.get("quota")
    left = [plain_line(str(quota.get(name, "?")))[:12] for name in QUOTA] if isinstance(quota, dict) else []
    return f"{answer.code} {answer.words} {'/'.join(left)}".strip()
