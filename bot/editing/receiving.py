"""Somebody else's file, read in a process of its own: bounded in time and memory, and able to do no more than say no.

`python -m bot.editing.receiving NAME` reads the file from its input and writes one line of JSON. Whatever the file does
to that process, whoever asked gets an Article or a Problem, and nobody waits for an answer meanwhile.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from bot.reading.article import TEXTS, Article, not_readable, take_in
from bot.reading.records import Problem

MOST_BYTES = 20 * 1024 * 1024
# Longer than any file of that size that was tried; the process also counts its own time and memory.
MOST_SECONDS, MOST_MEMORY = 30, 1024 * 1024 * 1024
# What is plain text is read where it is: nothing can happen to whoever reads it.
_PLAIN, _BINARY = 1024 * 1024, re.compile(rb"\s*(?:PK|%PDF|<)|\xff\xfe|\xfe\xff|.*\x00", re.DOTALL)
_LONGEST = 400_000
ALLOWED = ".docx、.pdf、.html、.htm、.md、.markdown、.txt"


def receive(name: str, data: bytes) -> Article | Problem:
    """Return the article in a file of that name; of the name only its last part counts. Takes up to half a minute."""
    path = Path(plain_name(name))
    wrong = _refused(path, data)
    if wrong:
        return wrong
    if path.suffix.lower() in TEXTS and len(data) < _PLAIN and not _BINARY.match(data):
        return take_in(path, data)
    command = (sys.executable, "-m", "bot.editing.receiving", path.name)
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, check=False)
        told = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return Problem(path, 1, f"{MOST_SECONDS} 秒还没有读完，不再等了", "只留下要发布的部分，或把正文另存为 .txt")
    except ValueError:  # ended by its own bounds, or by what the file did to it
        return Problem(path, 1, "读这个文件要的内存或时间太多，没有读完", "只留下要发布的部分，或把正文另存为 .txt")
    if "wrong" in told:
        return Problem(path, told["line"], told["wrong"], told["allowed"])
    text = str(told["text"])
    return Article(text.encode(), text, True, data) if told["rewritten"] else Article(data, text, False)


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


def _bound() -> None:
    """Have this process ended when it takes more than it may."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _told(name: str, data: bytes) -> dict[str, object]:
    try:
        taken = take_in(Path(name), data)
    except (MemoryError, RecursionError):
        return {"line": 1, "wrong": "读这个文件要的内存太多，没有读完", "allowed": "把正文另存为 .txt"}
    if isinstance(taken, Problem):
        return {"line": taken.line, "wrong": taken.wrong, "allowed": taken.allowed}
    if len(taken.text) > _LONGEST:
        wrong = f"文章有 {len(taken.text)} 个字，太长"
        return {"line": 1, "wrong": wrong, "allowed": f"最多 {_LONGEST} 个字；请分成几份"}
    return {"text": taken.text, "rewritten": taken.rewritten}


if __name__ == "__main__":
    _bound()
    sys.stdout.write(json.dumps(_told(sys.argv[1], sys.stdin.buffer.read()), ensure_ascii=True))
