"""The web door: JSON calls and pages under /webhooks/web/, as docs/web-channel.md tells."""
