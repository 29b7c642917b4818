"""What "word for word" means here: two texts are the same when their squeezed forms are.

The scorer of the project squeezes the same way, so a passage that is verbatim here is verbatim there.
"""

from __future__ import annotations

import re

# The words of a link, and where it leads; the words may be in brackets of their own.
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_IGNORED = re.compile(r"[\s*\u200b\ufeff]+")


def squeeze(text: str) -> str:
    """Return `text` without images, `*`, zero-width spaces and white space."""
    return _IGNORED.sub("", IMAGE.sub("", text))


def is_verbatim(text: str, squeezed: str) -> bool:
    """Whether `text` stands word for word in a source that has been squeezed; an empty text does not."""
    wanted = squeeze(text)
    return bool(wanted) and wanted in squeezed


class Verbatim:
    """A source that texts are held against in the order they stand in it: each is looked for where the last one was."""

    def __init__(self, source: str) -> None:
        self._squeezed = squeeze(source)
        self._at = 0

    def has(self, text: str) -> bool:
        """Whether `text` stands word for word in the source; an empty text does not."""
        wanted = squeeze(text)
        if not wanted:
            return False
        found = self._squeezed.find(wanted, max(self._at - len(wanted), 0))
        if found < 0:
            return wanted in self._squeezed
        if found - self._at < _NEAR:
            self._at = found
        return True


# A text found farther on than this is said twice, or was written out of order: the place is kept.
_NEAR = 20_000
