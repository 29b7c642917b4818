"""What importing rasa-sdk and jieba under "warnings are errors" takes."""

from __future__ import annotations

import warnings

# jieba 0.42.1 (with pkg_resources, which it imports) and rasa-sdk warn of themselves: let them, once, before us.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba  # noqa: F401
    import rasa_sdk.executor  # noqa: F401
