"""A day as people write it: 2026年11月20日, 2026.11.20, 2026/11/20, 二〇二六年十一月二十日; and whose day it is."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta, timezone

# The one time of the country, without summer time.
CHINA = timezone(timedelta(hours=8))
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_DAY = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*(?:日|号)?")


def written_day(text: str) -> date | None:
    """Return the day that is all the text says; None when it says anything else, or no day there is."""
    plain = unicodedata.normalize("NFKC", text.strip())
    # 十 is a ten of its own (十日), after a number (二十), before one (十一) or between two (二十一).
    plain = re.sub(r"(?<![一二三])十", "1十", plain).translate(_DIGITS)
    plain = re.sub(r"十(?=\d)", "", plain).replace("十", "0")
    found = _DAY.fullmatch(plain)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
