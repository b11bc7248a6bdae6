"""What a flow run needs at hand: this office's settings and ledger, found through `DONDOC_HOME`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pendulum
from pendulum import DateTime

from config.clock import wall_clock
from config.logs import log_to_file
from config.settings import ZONE, Settings, load_settings
from domain.founding import open_ledger
from domain.offices import WorkingTime, the_office, working_time
from domain.store import Ledger
from notifications.channels import channel_in_force, chat_channels
from notifications.queueing import Voice


@dataclass(frozen=True)
class Desk:
    """The office as of one moment."""

    settings: Settings
    ledger: Ledger
    now: DateTime
    simulated: bool
    hours: WorkingTime

    @property
    def clock(self) -> Callable[[], DateTime]:
        """What delivery reads the time from: the wall, or on a simulated office the moment that is replayed."""
        return (lambda: self.now) if self.simulated else wall_clock

    @property
    def channel(self) -> str:
        """The channel that new messages go by."""
        return channel_in_force(self.settings, simulated=self.simulated)

    @property
    def voice(self) -> Voice:
        """How this office speaks."""
        chats = chat_channels(self.settings, simulated=self.simulated)
        return Voice(
            self.channel,
            self.mail_domain,
            self.settings.language,
            chats,
            self.settings.base_url,
            self.settings.templates_folder,
        )

    @property
    def mail_domain(self) -> str:
        """The domain of our Message-IDs."""
        return self.settings.mail_from.rpartition("@")[2] or "dondoc.invalid"


def open_desk(now: datetime | None = None) -> Desk:
    """The office that `DONDOC_HOME` names, as of `now` (this instant when none is given)."""
    settings = load_settings()
    log_to_file(settings)
    return desk_at(settings, open_ledger(settings, wall_clock), now)


def desk_at(settings: Settings, ledger: Ledger, now: datetime | None = None) -> Desk:
    """The office of an open ledger, as of `now`."""
    moment = pendulum.instance(now).in_timezone(ZONE) if now else wall_clock()
    with ledger.look() as session:
        simulated = the_office(session, ledger.office_id).simulated
        hours = working_time(session, ledger.office_id)
    return Desk(settings, ledger, moment, simulated, hours)


def deployment_name(settings: Settings) -> str:
    """The name of this office's deployments: no two ledgers share one, so none runs another's rounds."""
    return f"van-phong-{hashlib.sha256(settings.ledger_url.encode()).hexdigest()[:8]}"
