"""Linting a draft before it is signed: what nobody will be able to follow up."""

from domain.linting.checking import Desk, lint
from domain.linting.findings import Finding, Severity

__all__ = ["Desk", "Finding", "Severity", "lint"]
