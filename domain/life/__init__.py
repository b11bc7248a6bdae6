"""What happens to an obligation between signing and closing: one state machine, one file an operation."""
