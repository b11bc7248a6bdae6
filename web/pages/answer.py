"""The agency's page by signed link."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
