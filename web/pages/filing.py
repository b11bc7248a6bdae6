"""Filing a notice in the browser: from a file or pasted words to a conclusion that is followed."""

from __future__ import annotations

from fastapi import APIRouter

import web.pages.filing_desk as filing_desk
import web.pages.filing_paper as filing_paper
import web.pages.filing_plan as filing_plan

router = APIRouter()
for part in (filing_desk, filing_plan, filing_paper):
    router.include_router(part.router)
