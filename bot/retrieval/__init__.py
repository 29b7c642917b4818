"""Which passages bear on a question, and whether they suffice. Knows nothing of Rasa or of replies."""
