"""The database: conversations, events, switches, what could not be written yet, retention, erasure."""
