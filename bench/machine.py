"""What a figure was measured on."""

from __future__ import annotations

import os
import platform
from datetime import datetime
from pathlib import Path


def machine() -> dict[str, object]:
    """Return the date, the processor, its cores, memory in GB, Python, and the load of the last 1, 5 and 15 minutes."""
    about = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in about if line.startswith("model name")]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "date": f"{datetime.now():%Y-%m-%d %H:%M}",
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 2**30),
        "python": platform.python_version(),
        "load": [round(load, 1) for load in os.getloadavg()],
    }
