"""The office's mailbox: what comes back and what is answered, read over IMAP and matched to what was sent."""
