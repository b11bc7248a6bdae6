"""One file a group of pages; each has a `router`."""
