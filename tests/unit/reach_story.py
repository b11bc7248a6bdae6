"""A live office with a mail server and Zalo of one test; the moment is the story's, not the wall's."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from pendulum import DateTime
from pydantic import SecretStr
from sqlmodel import col, select

from config.settings import Settings
from domain import ways
from domain.actors import By
from domain.agencies import contacts_of, find_agency
from domain.checkpoints import Checkpoint
from domain.keys import key
from domain.offices import the_office
from domain.people import officials_of
from domain.planning import plan_conclusion, unplanned
from domain.policy import Role
from domain.written import parse_moment
from flows.desk import desk_at
from notifications.by_hand import attempts_of
from notifications.channels.zalo.tokens import ledger_tokens
from notifications.composing import compose
from notifications.delivery import Delivered, channels_with_mail, deliver
from notifications.outbox import Message
from tests.story import OfficeStory
from tests.unit.smtp_peer import Peer, free_port
from tests.unit.zalo_peer import APP_ID, BOT_TOKEN, OA_SECRET, SECRET_KEY, TEMPLATE, ZaloPeer, first_tokens

OURS = "Sở Nội vụ"
MAIL = "so-noi-vu@coquan.example"


class ReachStory:
    """What happens to messages on their ways."""

    def __init__(self, office: OfficeStory) -> None:
        self.office = office
        self.ledger = office.ledger
        self.mail = Peer(free_port())
        self.zalo = ZaloPeer(parse_moment("2018-03-07 09:00"))
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        self.stack.enter_context(self.mail.up())
        self.stack.enter_context(self.zalo.up())
        with self.ledger.change(now=self.office.now, actor="test") as change:
            the_office(change.session, change.office_id).simulated = False
        ledger_tokens(self.ledger, self.settings).save(first_tokens(expires_at=parse_moment("2019-01-01")))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stack.close()

    @property
    def settings(self) -> Settings:
        update: dict[str, Any] = {
            "smtp_url": SecretStr(self.mail.url),
            "public_url": "https://dondoc.vanphong.example",
            "zalo_app_id": APP_ID,
            "zalo_secret_key": SecretStr(SECRET_KEY),
            "zalo_oa_secret": SecretStr(OA_SECRET),
            "zalo_bot_token": SecretStr(BOT_TOKEN),
            "zalo_templates": {"default": TEMPLATE},
            **{f"zalo_{name}_host": self.zalo.url for name in ("oauth", "oa", "zns", "bot")},
        }
        return self.office.settings.model_copy(update=update)

    @property
    def now(self) -> DateTime:
        return self.office.now

    def person(self, agency: str = OURS, role: Role = Role.OFFICER) -> str:
        with self.ledger.look() as session:
            id_ = key(find_agency(session, self.ledger.office_id, agency).id)
            return f"contact:{contacts_of(session, [id_])[id_, role].id}"

    def official(self, role: Role = Role.OWNER) -> str:
        with self.ledger.look() as session:
            return next(
                f"official:{one.id}" for one in officials_of(session, self.ledger.office_id) if one.role == role
            )

    def goes_by(self, *ways_: tuple[str, str], person: str | None = None, own: str = MAIL) -> None:
        """Somebody's ways in order, as the office enters them."""
        with self.ledger.change(now=self.now, actor="lan") as change:
            ways.arrange(change, person or self.person(), own, ways_)

    def wishes(self, wanted: ways.Wanted, person: str | None = None) -> None:
        with self.ledger.change(now=self.now, actor="lan") as change:
            ways.prefer(change, person or self.person(), wanted)

    def holds_round(self, at: str | None = None) -> list[Delivered]:
        """Writes a round and delivers every channel, like the flow."""
        if at:
            self.office.now = parse_moment(at)
        self.zalo.now = self.now
        desk = desk_at(self.settings, self.ledger, self.now)
        with self.ledger.look() as session:
            new = unplanned(session, self.ledger.office_id)
        for one in new:
            self.does(plan_conclusion, key(one.id))
        compose(self.ledger, self.now, desk.voice, actor="test")
        return self.delivers()

    def delivers(self, at: str | None = None) -> list[Delivered]:
        """Sends what waits, again and again while a fallback brings more."""
        if at:
            self.office.now = parse_moment(at)
        self.zalo.now = self.now
        found = []
        for _ in range(5):
            channels = [
                name for name in channels_with_mail(self.ledger, self.now) if name not in {one for one, _ in found}
            ]
            if not channels:
                break
            found += [(name, deliver(self.ledger, self.settings, name, lambda: self.now)) for name in channels]
        return [done for _, done in found]

    def does(self, deed: Any, *arguments: Any) -> Any:
        with self.ledger.change(now=self.now, actor="lan", by=By.MANAGER) as change:
            return deed(change, *arguments)

    def fates(self) -> list[tuple[str, str, str]]:
        """(channel, recipient, fate) of every message, as they were written."""
        return [(one.channel, one.recipient, one.status) for one in self.office.messages()]

    def message(self, nth: int = -1) -> Message:
        return self.office.messages()[nth]

    def words(self, nth: int = -1) -> list[tuple[str, str]]:
        """(outcome, the server's words) of each attempt of a message."""
        with self.ledger.look() as session:
            return [(one.outcome, one.detail) for one in attempts_of(session, self.message(nth))]

    def points(self, kind: str) -> list[Checkpoint]:
        with self.ledger.look() as session:
            return list(session.exec(select(Checkpoint).where(Checkpoint.kind == kind).order_by(col(Checkpoint.id))))

    def arrived(self) -> list[str]:
        """Addresses to which mail went, in order."""
        return [one.recipients[0] for one in self.mail.received]

    def bad(self) -> list[tuple[str, str, datetime | None]]:
        with self.ledger.look() as session:
            return [
                (one.channel, one.address, one.bad_since) for one in ways.bad_routes(session, self.ledger.office_id)
            ]
