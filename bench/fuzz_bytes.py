"""atheris (libFuzzer) on the bulletin reader, the guard, WeChat's parser and the web door's bodies: coverage leads it.

    uv venv --python 3.10 /tmp/fuzz && CLANG_BIN=$(which clang) uv pip install --python /tmp/fuzz/bin/python \
        --require-hashes -r bench/fuzz-requirements.lock
    /tmp/fuzz/bin/python bench/fuzz_bytes.py [--minutes 8] [--only reader|sidecar|guard|wechat|web]

Debian needs `clang` and `libclang-rt-14-dev` to build atheris. Each target gets its share of the time, one after the
other, in a process of its own, from the seeds below and what earlier runs found (/tmp/duanka-fuzz, kept). No network.
An exception ends it with exit 1; libFuzzer writes the bytes that led there to /tmp/duanka-fuzz/TARGET-crash-….
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What the assistant itself runs with, before whatever stands beside atheris.
sys.path[:0] = [str(ROOT), *map(str, (ROOT / ".venv/lib").glob("python3.*/site-packages"))]
KEPT = Path("/tmp/duanka-fuzz")
LONGEST = {"reader": 4000, "sidecar": 1000, "guard": 1500, "wechat": 3000, "web": 2000}
# A slow input is a fault too: seconds for one.
SLOWEST = 10
Target = Callable[[bytes], None]


def reader() -> Target:
    """A bulletin or a problem; every passage stands in what was received."""
    from datetime import date

    from bot.reading.library import read_bulletin
    from bot.reading.records import Problem
    from bot.reading.sidecar import Sidecar
    from bot.reading.topics import read_topics
    from bot.text.squeezing import squeeze

    topics = read_topics(ROOT / "knowledge/topics.yml")

    def check(data: bytes) -> None:
        read = read_bulletin(Path("a.md"), data, Sidecar(), topics, date(2026, 11, 24))
        if isinstance(read, Problem):
            assert read.line >= 1
            return
        body = squeeze("\n".join(read[0].body))
        assert all(squeeze(passage.text) in body for passage in read[1])

    return check


def sidecar() -> Target:
    """What can be used, and what is wrong, with lines."""
    from datetime import date

    from bot.reading.records import Problem
    from bot.reading.sidecar import read_sidecar
    from bot.reading.topics import parse_topics

    def check(data: bytes) -> None:
        _, problems = read_sidecar(Path("a.yml"), data, ["penalty", "report"], date(2026, 11, 24))
        wrong = [*problems, *(each for each in parse_topics(Path("topics.yml"), data) if isinstance(each, Problem))]
        assert all(problem.line >= 1 and problem.wrong for problem in wrong)

    return check


def guard() -> Target:
    """Masked once is masked for good; whatever does not pass has a reply; an apology names the hotline."""
    from bot.answering.apology import apology
    from bot.answering.rendering import render_text
    from bot.conversation.admission import admit
    from bot.text.masking import mask
    from bot.text.normalise import normalise

    def check(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        admitted = admit(text)
        assert mask(admitted.text) == admitted.text
        assert not normalise(admitted.text).startswith("/")
        assert admitted.reply is None or render_text(admitted.reply)
        assert "96110" in render_text(apology(admitted.message))
        assert admitted.message.kind in ("victim", "offer", "plain")

    return check


def wechat() -> Target:
    """Signed, a body is read or refused; sealed, it is refused; a reply that repeats it is XML again."""
    import base64

    from bot.doors.wechat import markup
    from bot.doors.wechat.cipher import key_of
    from bot.doors.wechat.credentials import Credentials
    from bot.doors.wechat.envelope import Envelope
    from bot.doors.wechat.incoming import parse
    from bot.doors.wechat.refusal import RefusalError
    from bot.doors.wechat.signing import sign

    now = 1_800_000_000
    plain, query = Envelope(Credentials("token", "wx0", "secret", "plain")), {"timestamp": str(now), "nonce": "n"}
    safe = Envelope(Credentials("token", "wx0", "secret", "safe", (key_of("F" * 43),)))

    def check(data: bytes) -> None:
        encrypted = base64.b64encode(data).decode()
        sealed = {**query, "encrypt_type": "aes", "msg_signature": sign("token", str(now), "n", encrypted)}
        try:
            safe.open(sealed, f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode(), now)
            raise AssertionError("a message was made without the key")
        except RefusalError:
            pass
        try:
            said = parse(plain.open({**query, "signature": sign("token", str(now), "n")}, data, now).fields)
        except RefusalError:
            return
        markup.read(markup.write_text(said.follower, said.account, said.text, now).encode())

    return check


def web() -> Target:
    """A body is what a call takes, or malformed; the form of the plain page always has a text and an id of ours."""
    from bot.doors.http.routing import RefusedError
    from bot.doors.web import noscript, schema

    parsers = (schema.parse_empty, schema.parse_message, schema.parse_feedback, schema.parse_erase)

    def check(data: bytes) -> None:
        for parse in parsers:
            with suppress(schema.MalformedError):
                parse(data)
        try:
            form = noscript._parse(data)
        except RefusedError:
            return
        assert noscript._ID.fullmatch(form.id)

    return check


TARGETS: Mapping[str, Callable[[], Target]] = {
    "reader": reader, "sidecar": sidecar, "guard": guard, "wechat": wechat, "web": web
}  # fmt: skip


def seeds(name: str) -> list[bytes]:
    """Return what to begin with: real and well-formed input."""
    message = "<xml><ToUserName>gh_a</ToUserName><FromUserName>oF</FromUserName><CreateTime>1</CreateTime>"
    said = "我的身份证450103199003071234丢了，打13800138000，验证码是123456，被骗了5万"
    return {
        "reader": [path.read_bytes()[: LONGEST[name]] for path in (ROOT / "knowledge/bulletins").glob("*.md")],
        "sidecar": [path.read_bytes() for path in (ROOT / "knowledge").rglob("*.yml")],
        "guard": [said.encode(), b"/restart", "卖一张卡多少钱".encode()],
        "wechat": [f"{message}<MsgType>text</MsgType><MsgId>1</MsgId><Content>{said}</Content></xml>".encode(),
                   f"{message}<MsgType>event</MsgType><Event>CLICK</Event></xml>".encode()],
        "web": [json.dumps({"session": "a" * 43, "id": "message-1", "text": said}).encode(), b"{}",
                b"text=a&id=message-1&erase=yes",
                json.dumps({"session": "a", "message": "message-1", "helpful": True, "comment": "b"}).encode()],
    }[name]  # fmt: skip


def main() -> None:
    """Run the targets, each as a program of its own: libFuzzer ends the process it runs in."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--minutes", type=float, default=8.0, help="of all targets together")
    given.add_argument("--only", choices=TARGETS)
    given.add_argument("--here", type=float, help=argparse.SUPPRESS)
    options = given.parse_args()
    if options.here:
        fuzz(options.only, options.here)
    names = [options.only] if options.only else list(TARGETS)
    seconds = options.minutes * 60 / len(names)
    failed = [name for name in names if not _run(name, seconds)]
    print(f"failed: {', '.join(failed) or 'none'}")
    sys.exit(bool(failed))


def _run(name: str, seconds: float) -> bool:
    """Fuzz one target; print how many inputs it took and how much it covers. Return whether nothing was found."""
    corpus = KEPT / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    command = (sys.executable, __file__, "--only", name, "--here", str(seconds))
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds + 600, check=False)
    last = re.findall(r"^#(\d+)\s+\w+\s+cov: (\d+)", done.stderr, re.M)
    runs = re.findall(r"Done (\d+) runs in (\d+)", done.stderr)
    inputs, edges = (runs[-1][0] if runs else "?"), (last[-1][1] if last else "?")
    print(f"{name}: {inputs} inputs in {seconds:.0f} s, {edges} edges, exit {done.returncode}", flush=True)
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:], flush=True)
    return done.returncode == 0


def fuzz(name: str, seconds: float) -> None:
    """Hand over to libFuzzer; does not return."""
    import atheris

    with atheris.instrument_imports(include=["bot"]):
        check = TARGETS[name]()
        for seed in seeds(name):  # what is loaded with the first input takes no time from it
            check(seed)
    arguments = [f"-max_total_time={seconds:.0f}", f"-max_len={LONGEST[name]}", f"-timeout={SLOWEST}",
                 f"-artifact_prefix={KEPT}/{name}-", str(KEPT / name)]  # fmt: skip
    atheris.Setup([__file__, *arguments], lambda data: check(bytes(data)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
