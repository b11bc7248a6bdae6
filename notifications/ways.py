"""What the inbox calls when a message comes back."""

from __future__ import annotations

from domain.store import Change
from notifications import fallback
from notifications.channels import EMAIL
from notifications.reach import InForce


def bounced(change: Change, message_id: int, why: str, channels: InForce | None = None) -> fallback.FellBack:
    """A message came back; see `fallback.bounced`."""
    return fallback.bounced(change, message_id, why, channels or InForce(EMAIL))
