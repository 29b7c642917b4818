"""The knowledge folder in service: read, followed, and swapped whole when its files change."""
