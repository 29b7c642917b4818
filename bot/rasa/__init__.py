"""What Rasa trains and serves: its configuration, the domain, and our few components."""
