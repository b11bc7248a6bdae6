"""`dondoczalooa://`: a consultation message of the Official Account, to somebody who wrote to it within 7 days."""

from __future__ import annotations

from notifications.channels.contract import Letter, Receipt
from notifications.channels.zalo.limits import chat_text
from notifications.channels.zalo.official import OfficialPlugin, decent_hour
from notifications.channels.zalo.plugin import identity


class OaPlugin(OfficialPlugin):
    """Sends a letter's brief to a user id."""

    service_name = "Zalo Official Account"
    protocol = "dondoczalooa"
    templates = ("{schema}://",)

    def deliver(self, letter: Letter) -> Receipt:
        """Hands the brief to Zalo. Raises ChannelError."""
        message = {"recipient": {"user_id": identity(letter.address)}, "message": {"text": chat_text(letter.brief)}}
        decent_hour(letter.date)
        answer = self.ask("POST", self.zalo.oa_host + self.zalo.message_path, letter.date, json=message)
        return Receipt(f"{answer.code} {answer.words}".strip(), answer.reference("message_id"))
