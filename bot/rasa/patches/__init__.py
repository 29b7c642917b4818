"""Where Rasa itself is changed in the running process: each module says what, why, and what breaks without it."""
