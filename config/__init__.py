"""Settings, words for people, and what seeds an office."""
