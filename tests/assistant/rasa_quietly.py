"""Rasa as the service has it, imported once with the warnings of its own dependencies; import this before it."""

from __future__ import annotations

import warnings

from bot.rasa.patches.without_tensorflow import leave_tensorflow_out

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    leave_tensorflow_out()
    import rasa.core.agent
    import rasa.core.channels.rest
    import rasa.core.tracker_store  # noqa: F401
