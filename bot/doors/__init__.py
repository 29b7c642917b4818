"""The doors: one adapter a file, each thin, and what they share: the guard, the turns, the pages."""
