"""What is done to characters: one spelling, words and their sounds, personal numbers masked. Knows no bulletin."""
