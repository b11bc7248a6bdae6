"""Documents as offices hold them: Word, PDF, web pages and plain text, each turned into one text.

`loading.load_document` is the way in; nothing is imported here, because the process that opens a PDF passes by.
"""
