"""Somebody else's file, read in a process of its own: bounded in time and memory, and able to do no more than say no.

`python -m bot.editing.receiving HOW NAME` reads the file from its input and writes one line of JSON, or a picture.
Whatever the file does to that process, whoever asked gets an Article or a Problem, and nobody waits for an answer
meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Literal

from bot.reading import pictures
from bot.reading.article import TEXTS, Article, not_readable, take_in
from bot.reading.office import SCANNED, is_pdf
from bot.reading.records import Problem

MOST_BYTES = 20 * 1024 * 1024
# Longer than any file of that size that was tried; the process also counts its own time and memory.
MOST_SECONDS, MOST_MEMORY = 30, 1024 * 1024 * 1024
# A page of a scan takes two seconds and 600 MB where nothing else goes on; one file is recognised at a time.
RECOGNISING_SECONDS, RECOGNISING_MEMORY = 120, 2 * 1024 * 1024 * 1024
_one_at_a_time = threading.Lock()
# How many pages the PDFs have that were asked about, by fingerprint: their page is looked at again and again.
_pages: dict[bytes, int] = {}
How = Literal["words", "recognise"]
# What is plain text is read where it is: nothing can happen to whoever reads it.
_PLAIN, _BINARY = 1024 * 1024, re.compile(rb"\s*(?:PK|%PDF|<)|\xff\xfe|\xfe\xff|.*\x00", re.DOTALL)
_LONGEST = 400_000
ALLOWED = ".docx、.pdf、.html、.htm、.md、.markdown、.txt、.jpg、.png"


def receive(name: str, data: bytes) -> Article | Problem:
    """Return the article in a file of that name; of the name only its last part counts. Takes up to half a minute."""
    path = Path(plain_name(name))
    wrong = _refused(path, data)
    if wrong:
        return wrong
    if path.suffix.lower() in TEXTS and len(data) < _PLAIN and not _BINARY.match(data):
        return take_in(path, data)
    if pictures.is_picture(data):
        return _recognised(path, data)
    told = _asked("words", path, data, MOST_SECONDS)
    if isinstance(told, Problem):
        return _recognised(path, data) if told.wrong == SCANNED else told
    text = str(told["text"])
    return Article(text.encode(), text, True, data) if told["rewritten"] else Article(data, text, False)


def shown(data: bytes, page: int) -> bytes | None:
    """Return a page of a picture or a scan as a PNG, for a browser; None for what is neither, or cannot be drawn."""
    command = (sys.executable, "-m", "bot.editing.receiving", "picture", str(page))
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and pictures.is_picture(done.stdout) else None


def pages_in(data: bytes) -> int:
    """Return how many pages `shown` may be asked for."""
    if not is_pdf(data):
        return 1
    digest = hashlib.sha256(data).digest()
    if digest not in _pages:
        command = (sys.executable, "-m", "bot.editing.receiving", "count", "")
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return 1
        _pages[digest] = int(done.stdout) if done.returncode == 0 and done.stdout.isdigit() else 1
    return _pages[digest]


def _recognised(path: Path, data: bytes) -> Article | Problem:
    """Return the words somebody has to hold against the picture."""
    if not pictures.can_recognise():
        return pictures.not_there(path)
    with _one_at_a_time:
        told = _asked("recognise", path, data, RECOGNISING_SECONDS)
    if isinstance(told, Problem):
        return told
    text = str(told["text"])
    return Article(text.encode(), text, rewritten=True, received=data, recognised=True)


def _asked(how: How, path: Path, data: bytes, seconds: int) -> dict[str, object] | Problem:
    command = (sys.executable, "-m", "bot.editing.receiving", how, path.name)
    allowed = "只留下要发布的部分，或把正文另存为 .txt"
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False)
        told: dict[str, object] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return Problem(path, 1, f"{seconds} 秒还没有读完，不再等了", allowed)
    except ValueError:  # ended by its own bounds, or by what the file did to it
        return Problem(path, 1, "读这个文件要的内存或时间太多，没有读完", allowed)
    if "wrong" in told:
        return Problem(path, int(str(told["line"])), str(told["wrong"]), str(told["allowed"]))
    return told


def plain_name(name: str) -> str:
    """Return the last part of a file's name, without what has no place in one."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(character for character in last if character.isprintable() and character not in '<>:"|?*')
    stem, dot, suffix = kept.rpartition(".")
    return (f"{stem[:80]}{dot}{suffix[:10]}" if dot else kept[:80]).lstrip(".") or "未命名.txt"


def _refused(path: Path, data: bytes) -> Problem | None:
    if not data.strip():
        return Problem(path, 1, "文件是空的", "通报要有标题和正文")
    if len(data) > MOST_BYTES:
        size, most = len(data) // 1024 // 1024, MOST_BYTES // 1024 // 1024
        return Problem(path, 1, f"文件有 {size} MB，太大", f"最多 {most} MB；图片不会读，可以先删去")
    return not_readable(path)


def _bound(seconds: int, memory: int) -> None:
    """Have this process ended when it takes more than it may; whoever answers residents comes first."""
    import resource

    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _told(name: str, data: bytes, recognise: bool) -> dict[str, object]:
    try:
        taken = _text_of(Path(name), data, recognise)
    except (MemoryError, RecursionError):
        return {"line": 1, "wrong": "读这个文件要的内存太多，没有读完", "allowed": "把正文另存为 .txt"}
    if isinstance(taken, Problem):
        return {"line": taken.line, "wrong": taken.wrong, "allowed": taken.allowed}
    text, rewritten = taken
    if len(text) > _LONGEST:
        wrong = f"文章有 {len(text)} 个字，太长"
        return {"line": 1, "wrong": wrong, "allowed": f"最多 {_LONGEST} 个字；请分成几份"}
    return {"text": text, "rewritten": rewritten}


def _text_of(path: Path, data: bytes, recognise: bool) -> tuple[str, bool] | Problem:
    if recognise:
        found = pictures.recognised_text(path, data)
        return found if isinstance(found, Problem) else (found, True)
    taken = take_in(path, data)
    return taken if isinstance(taken, Problem) else (taken.text, taken.rewritten)


def _main(how: str, name: str) -> None:
    data = sys.stdin.buffer.read()
    if how == "words":
        _bound(MOST_SECONDS, MOST_MEMORY)
    else:
        _bound(RECOGNISING_SECONDS, RECOGNISING_MEMORY)
    if how == "count":
        sys.stdout.write(str(pictures.pages_of(data)))
    elif how == "picture":
        drawn = pictures.shown_picture(data, int(name))
        sys.exit(1) if drawn is None else sys.stdout.buffer.write(drawn)
    else:
        sys.stdout.write(json.dumps(_told(name, data, how == "recognise"), ensure_ascii=True))


if __name__ == "__main__":
    _main(*sys.argv[1:])
