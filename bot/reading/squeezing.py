"""What "word for word" means here: two texts are the same when their squeezed forms are.

The scorer of the project squeezes the same way, so a passage that is verbatim here is verbatim there.
"""

from __future__ import annotations

import re

IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_IGNORED = re.compile(r"[\s*\u200b\ufeff]+")


def squeeze(text: str) -> str:
    """Return `text` without images, `*`, zero-width spaces and white space."""
    return _IGNORED.sub("", IMAGE.sub("", text))


def is_verbatim(text: str, squeezed: str) -> bool:
    """Whether `text` stands word for word in a source that has been squeezed; an empty text does not."""
    wanted = squeeze(text)
    return bool(wanted) and wanted in squeezed
