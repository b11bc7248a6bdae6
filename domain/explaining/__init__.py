"""What an account of an obligation is made of: what the audit trail remembers, what is counted, what moved a moment."""
