"""The door of a WeChat Official Account (公众号): pure modules for its protocol, one thin adapter, `channel`."""
