"""Web pages: the article or notice on them, without what surrounds it."""
