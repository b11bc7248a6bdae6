"""The switch: whether messages leave, and to whom they really go."""

from __future__ import annotations

from enum import StrEnum

from sqlmodel import col

from config.words import say
from domain.agencies import is_mail_address
from domain.errors import Refusal
from domain.life.machine import reason_of
from domain.moments import Kind
from domain.obligations import OPEN, Obligation
from domain.offices import Office, the_office
from domain.planning import followed, tell_anew
from domain.store import Change


class Mode(StrEnum):
    """What becomes of a message when its time has come."""

    LIVE = "live"
    SHADOW = "shadow"  #: to the office's own mailbox, marked with whom it was meant for
    REDIRECTED = "redirected"  #: to one address, marked likewise
    STOPPED = "stopped"  #: nothing is said and nothing leaves; what comes due waits


DIVERTED = (Mode.SHADOW, Mode.REDIRECTED)


def stop(change: Change, reason: str) -> Office:
    """Stops sending for everybody at once; rounds say nothing until it is started again.

    Raises Refusal for an empty reason.
    """
    return _switch(change, Mode.STOPPED, reason=reason_of(reason))


def start(change: Change, reason: str = "") -> int:
    """Turns sending on for real; answers how many pieces of work are told anew.

    What was said in shadow mode nobody has heard: it is told again, and lateness is announced before it climbs. Mail
    that was written then must not leave any more: see notifications.trial.go_live.
    """
    office = the_office(change.session, change.office_id)
    unheard = office.unheard
    _switch(change, Mode.LIVE, reason=reason)
    office.unheard = False
    if not unheard:
        return 0
    works = followed(
        change.session,
        Obligation.office_id == change.office_id,
        col(Obligation.state).in_(OPEN),
        Obligation.plan_no > 0,
    )
    for one in works:
        one.obligation.turn += 1
    tell_anew(change, works, Kind.ASSIGN)
    return len(works)


def redirect(change: Change, address: str, reason: str = "") -> Office:
    """Sends everything to one address. Raises Refusal for an address that is none."""
    if not is_mail_address(address):
        raise Refusal("errors.bad_address", address=address)
    return _switch(change, Mode.REDIRECTED, address, reason)


def shadow(change: Change, reason: str = "") -> Office:
    """Sends everything to the office's own mailbox."""
    return _switch(change, Mode.SHADOW, reason=reason)


def _switch(change: Change, mode: Mode, address: str = "", reason: str = "") -> Office:
    office = the_office(change.session, change.office_id)
    if (office.sending, office.redirect_to) == (mode, address):
        raise Refusal("desk.refused.switched_already", mode=say(f"desk.sending.name.{mode}"))
    before = office.sending
    office.sending, office.redirect_to = mode, address
    office.unheard = office.unheard or mode in DIVERTED
    change.session.add(office)
    change.record(
        "sending.switched", f"office:{office.id}", before=before, mode=str(mode), address=address, reason=reason.strip()
    )
    return office
