"""Where Rasa itself is changed in the running process: docs/rasa-patches.md lists what, why, and what breaks."""
