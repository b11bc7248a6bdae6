"""Signed links: what an agency answers by, and what a calendar is read from, without an account.

A link's row holds whose it is, what it is for, until when it counts and whether it was revoked. Its token is made from
the row with the office's secret whenever somebody needs it, so no token is stored anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel, col, select

from domain.agencies import Agency
from domain.columns import UtcDateTime
from domain.errors import Refusal
from domain.keys import key
from domain.store import Change

TOKEN = re.compile(r"(?P<id>[1-9][0-9]{0,17})-(?P<mac>[A-Za-z0-9_-]{32})")
LINK_ID = "link.id"  #: what points to a link; named here, so that whoever points to the table has it
EXPIRED = "links.refused.expired"
MAC_BYTES = 24  #: of the HMAC-SHA-256 that stand in a token: 192 bits


class Purpose(StrEnum):
    """What a link is for; it is worthless for anything else."""

    ANSWER = "answer"  #: an agency's page: see what is open, report, ask, give back
    FEED = "feed"  #: a calendar of deadlines, read only


class Link(SQLModel, table=True):
    """One link that was given to somebody."""

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    purpose: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)  #: None: the office itself
    recipient: str  #: who it was given to, as a person would say
    address: str = ""  #: where it was sent
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that counts, and the agency whose it is."""

    link: Link
    agency: Agency | None


def token_of(link: Link, secret: bytes) -> str:
    """The token of a link: its id and an HMAC over whose it is and what it is for."""
    return f"{key(link.id)}-{_mac(link, secret)}"


def _mac(link: Link, secret: bytes) -> str:
    said = f"dondoc link|{link.office_id}|{link.purpose}|{link.agency_id}|{link.id}"
    digest = hmac.new(secret, said.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:MAC_BYTES]).decode()


def open_link(
    session: Session, office_id: int, secret: bytes, token: str, purpose: Purpose, now: datetime | None
) -> Opened:
    """The link that a token opens at `now` (None: whether or not it has expired). Changes nothing.

    Raises Refusal for a token that is none, one for another purpose, and a link that has expired or was revoked.
    """
    found = TOKEN.fullmatch(token)
    link = session.get(Link, int(found["id"])) if found else None
    if found is None or link is None or not hmac.compare_digest(_mac(link, secret), found["mac"]):
        raise Refusal("links.refused.unknown")
    if link.office_id != office_id or link.purpose != purpose:
        raise Refusal("links.refused.unknown")
    if link.revoked_at is not None:
        raise Refusal("links.refused.revoked")
    if now is not None and link.expires_at is not None and link.expires_at <= now:
        raise Refusal(EXPIRED)
    return Opened(link, session.get(Agency, link.agency_id) if link.agency_id else None)


def new_link(
    office_id: int, purpose: Purpose, agency_id: int | None, recipient: str, address: str, now: datetime, days: int = 0
) -> Link:
    """A link's row; 0 days: it does not expire by itself."""
    return Link(
        office_id=office_id,
        purpose=purpose,
        agency_id=agency_id,
        recipient=recipient,
        address=address,
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )


def give_link(change: Change, purpose: Purpose, agency: Agency | None, recipient: str, address: str, days: int) -> Link:
    """Gives somebody a link, audited."""
    link = new_link(change.office_id, purpose, agency.id if agency else None, recipient, address, change.now, days)
    change.session.add(link)
    change.session.flush()
    change.record("link.given", f"link:{link.id}", purpose=purpose, agency=link.agency_id, recipient=recipient)
    return link


def revoke(change: Change, link_id: int, reason: str = "") -> Link:
    """A link counts no more from now on. Raises Refusal for none."""
    link = change.session.get(Link, link_id)
    if link is None or link.office_id != change.office_id:
        raise Refusal("links.refused.no_link", id=link_id)
    if link.revoked_at is None:
        link.revoked_at = change.now
        change.session.add(link)
        change.record("link.revoked", f"link:{link.id}", reason=reason.strip(), agency=link.agency_id)
    return link


def revoke_all(change: Change, agency: Agency, reason: str = "") -> int:
    """Every link of an agency counts no more; answers how many that were."""
    links = [one for one in links_of(change.session, change.office_id, agency.id) if one.revoked_at is None]
    for link in links:
        revoke(change, key(link.id), reason)
    return len(links)


def links_of(
    session: Session, office_id: int, agency_id: int | None, purposes: Iterable[Purpose] = Purpose
) -> list[Link]:
    """The links of an agency (None: of the office itself), the newest first."""
    query = select(Link).where(
        Link.office_id == office_id, Link.agency_id == agency_id, col(Link.purpose).in_(list(purposes))
    )
    return list(session.exec(query.order_by(col(Link.id).desc())))
