"""What the ledger says agencies have due, week by week."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session, col, select

from domain.agencies import Agency
from domain.linting.weeks import Week, week_of
from domain.obligations import Obligation


def due_by_week(session: Session, office_id: int) -> Counter[tuple[str, Week]]:
    """(Agency, week) -> how many obligations that nobody has reported complete have their last day in it."""
    query = (
        select(Agency.name, Obligation.due_before)
        .join(Obligation, col(Obligation.agency_id) == col(Agency.id))
        .where(
            Obligation.office_id == office_id,
            col(Obligation.settled_at).is_(None),
            col(Obligation.due_before).is_not(None),
        )
    )
    return Counter((name, week_of(due)) for name, due in session.exec(query) if due is not None)
