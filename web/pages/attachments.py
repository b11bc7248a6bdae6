"""Files that came with reports: downloads for people who signed in, never shown by the browser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, Response
from sqlmodel import col, select

from domain.obligations import Obligation
from domain.reports import Attachment, StatusReport
from web.visit import Viewer

router = APIRouter()
DIGEST = re.compile(r"[0-9a-f]{64}")
LARGEST_ID = 2**31 - 1


@router.get("/attachments/{attachment_id}")
def attachment(visit: Viewer, attachment_id: int) -> Response:
    """One file, under the name it came with."""
    query = (
        select(Attachment)
        .join(StatusReport, col(StatusReport.id) == col(Attachment.report_id))
        .join(Obligation, col(Obligation.id) == col(StatusReport.obligation_id))
        .where(Attachment.id == min(attachment_id, LARGEST_ID), Obligation.office_id == visit.office_id)
    )
    with visit.look() as session:
        row = session.exec(query).first()
    path = _kept(visit.settings.attachments_folder, row)
    if row is None or path is None:
        raise HTTPException(404)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


def _kept(folder: Path, row: Attachment | None) -> Path | None:
    """Where the file is; None where it is not there. Its name on disk is its digest, whatever it is called."""
    if row is None or not DIGEST.fullmatch(row.sha256):
        return None
    path = folder / row.sha256
    return path if path.is_file() else None
