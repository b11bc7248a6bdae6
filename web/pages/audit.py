"""The audit trail: who did what, when; and whether the chain holds."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import col, select

from domain.audit import AuditEntry, first_broken
from domain.errors import Refusal
from domain.instants import at
from domain.written import parse_day
from web.visit import Manager, Visit

router = APIRouter()
A_PAGE = 100
MOST_PAGES = 100_000
LONGEST = 2_000  #: characters of a payload that are shown


@router.get("/audit")
def audit(visit: Manager, actor: str = "", verb: str = "", subject: str = "", day: str = "", page: int = 1) -> Response:
    """The newest first."""
    asked = {"actor": actor, "verb": verb, "subject": subject, "day": day}
    return visit.page("office/audit.html", **_context(visit, asked, page))


@router.get("/audit/check")
def check(visit: Manager) -> Response:
    """Goes through the whole chain."""
    with visit.look() as session:
        broken = first_broken(session, visit.office_id)
    context = _context(visit, {"actor": "", "verb": "", "subject": "", "day": ""}, 1)
    return visit.page("office/audit.html", **(context | {"checked": True, "broken": broken}))


def _context(visit: Visit, asked: dict[str, str], page: int) -> dict[str, Any]:
    shown = min(max(page, 1), MOST_PAGES)
    conditions: list[Any] = [AuditEntry.office_id == visit.office_id]
    conditions += [
        col(getattr(AuditEntry, name)) == asked[name] for name in ("actor", "verb", "subject") if asked[name]
    ]
    refusal = None
    if asked["day"]:
        try:
            day = parse_day(asked["day"])
            conditions += [
                col(AuditEntry.effective_at) >= at(day),
                col(AuditEntry.effective_at) < at(day + timedelta(days=1)),
            ]
        except Refusal as wrong:
            refusal = wrong
    query = select(AuditEntry).where(*conditions).order_by(col(AuditEntry.seq).desc())
    with visit.look() as session:
        rows = session.exec(query.offset((shown - 1) * A_PAGE).limit(A_PAGE + 1)).all()
    return {
        "rows": [(one, _payload(one)) for one in rows[:A_PAGE]],
        "more": len(rows) > A_PAGE,
        "page": shown,
        "asked": asked,
        "refusal": refusal,
        "checked": False,
        "broken": None,
    }


def _payload(entry: AuditEntry) -> str:
    if entry.payload is None:
        return ""
    return json.dumps(entry.payload, ensure_ascii=False)[:LONGEST]
