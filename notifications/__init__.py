"""What is said, and how it is sent."""
