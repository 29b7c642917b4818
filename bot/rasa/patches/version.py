"""The one version of Rasa that the patches were written for: with any other they refuse, rather than half work."""

from __future__ import annotations

RASA = "3.6.21"


def expect_rasa(module: str) -> None:
    """Raise RuntimeError for another version of Rasa; `module` is the path of what would change it."""
    import rasa  # late: what Rasa is imported without is settled before (without_tensorflow)

    if rasa.__version__ != RASA:
        raise RuntimeError(f"Rasa is {rasa.__version__}; {RASA} is allowed: {module} was written for it")
