"""Rasa, imported once with the warnings that its own dependencies give of each other; import this before it."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import rasa.core.agent
    import rasa.core.channels.rest
    import rasa.core.tracker_store  # noqa: F401
