"""rasa-sdk actions: read the tracker, call bot, utter. Thin and flat."""
