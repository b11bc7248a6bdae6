"""The pages: the office's dashboard and desk behind an account, the agency's page behind a signed link."""
