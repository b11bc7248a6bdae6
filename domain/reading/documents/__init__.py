"""Documents as offices hold them: Word, PDF, web pages and plain text, each turned into one text."""

from domain.reading.documents.loading import load_document
from domain.reading.documents.model import Document

__all__ = ["Document", "load_document"]
