"""Word documents (.docx): the package, its paragraphs, numbers, tables and notes, and their order."""
