"""What the office knows: no Prefect, no HTTP, no clock."""
