"""What editors read of the search: every column of the matcher has a name in Chinese."""

from __future__ import annotations

import re

from bot.editing.explaining import COLUMNS
from bot.retrieval.features import NAMES


def test_every_column_has_a_name() -> None:
    """An editor never meets a word of the program's, and no page fails for want of one."""
    assert set(COLUMNS) == set(NAMES)
    assert not [name for name in COLUMNS.values() if re.search(r"[a-z]", name)]
