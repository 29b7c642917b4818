"""Rasa as the service has it, imported once, with its own warnings let pass, before a test of this room is."""

from __future__ import annotations

import warnings

from bot.rasa.patches.without_tensorflow import leave_tensorflow_out

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    leave_tensorflow_out()
    import rasa.core.agent
    import rasa.core.channels.console
    import rasa.core.channels.rest
    import rasa.core.tracker_store  # noqa: F401
