"""Lists of the ledger: what is asked for, in which order, a page of it at a time. Nothing here changes anything."""
