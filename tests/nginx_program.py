"""A real nginx for the tests, with deploy/nginx.conf as it is but for its ports and places; ended with its test."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.processes.loopback import HOST, free_port
from tests.needed import listens, missing

GIVEN = Path(__file__).resolve().parents[1] / "deploy" / "nginx.conf"
START_SECONDS = 60.0
# Around it what Debian's nginx.conf has, without a place that only root may write to.
AROUND = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/duanka.conf;
}}
"""


@dataclass(frozen=True)
class NginxProgram:
    """Where it listens: `url` for people, by TLS with the certificate in `certificate`; `action_port` for replicas."""

    folder: Path
    port: int
    action_port: int

    @property
    def url(self) -> str:
        """Where people come in."""
        return f"https://{HOST}:{self.port}/webhooks/web/"

    @property
    def certificate(self) -> str:
        """The file of the certificate, which signed itself."""
        return str(self.folder / "fullchain.pem")

    @property
    def configuration(self) -> Path:
        """What nginx reads."""
        return self.folder / "nginx.conf"

    def log(self) -> str:
        """What it wrote of requests."""
        return (self.folder / "duanka.log").read_text("utf-8")


@contextmanager
def nginx_program(replicas: Sequence[int], actions: Sequence[int], unlimited: bool = False) -> Iterator[NginxProgram]:
    """Start one before replicas and action servers on these two ports each; with `unlimited` it lets a load pass."""
    for program, package in (("nginx", "nginx-light"), ("openssl", "openssl")):
        if not shutil.which(program):
            missing(f"没有 {program}（Debian 软件包 {package}）")
    folder = Path(tempfile.mkdtemp(prefix="nginx-", dir="/tmp"))
    nginx = NginxProgram(folder, free_port(), free_port())
    try:
        _write(nginx, replicas, actions, unlimited)
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(_command(nginx), stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(nginx, process)
            yield nginx
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(folder)


def checked(nginx: NginxProgram) -> subprocess.CompletedProcess[str]:
    """Have nginx check its configuration."""
    return subprocess.run([*_command(nginx), "-t"], capture_output=True, text=True, check=False)


def _command(nginx: NginxProgram) -> list[str]:
    return ["nginx", "-p", str(nginx.folder), "-e", str(nginx.folder / "error.log"), "-c", str(nginx.configuration)]


def _write(nginx: NginxProgram, replicas: Sequence[int], actions: Sequence[int], unlimited: bool) -> None:
    plain = free_port()
    changes = {
        "/etc/duanka/tls": str(nginx.folder),
        "/var/www/duanka": str(nginx.folder / "verification"),
        "/var/log/nginx/duanka.log": str(nginx.folder / "duanka.log"),
        "/var/log/nginx/duanka-wechat.log": str(nginx.folder / "duanka-wechat.log"),
        "listen 80;": f"listen {HOST}:{plain};",
        "listen 80 default_server;": f"listen {HOST}:{plain} default_server;",
        "listen 443 ssl;": f"listen {HOST}:{nginx.port} ssl;",
        "listen 443 ssl default_server;": f"listen {HOST}:{nginx.port} ssl default_server;",
        "server_name duanka.example.gov.cn;": f"server_name {HOST};",
        "listen 127.0.0.1:5054;": f"listen {HOST}:{nginx.action_port};",
    }
    for standing, ports in (((5005, 5006), replicas), ((5055, 5056), actions)):
        changes |= {
            f"server 127.0.0.1:{old} ": f"server {HOST}:{new} " for old, new in zip(standing, ports, strict=True)
        }
    if unlimited:
        changes |= {"rate=30r/s": "rate=10000r/s", "duanka_connections 60": "duanka_connections 500"}
    given = GIVEN.read_text("utf-8")
    for old, new in changes.items():
        assert old in given, f"{GIVEN.name} has no {old!r}"
        given = given.replace(old, new)
    (nginx.folder / "duanka.conf").write_text(given, "utf-8")
    nginx.configuration.write_text(AROUND.format(folder=nginx.folder), "utf-8")
    subject = ("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=IP:{HOST}")
    files = ("-keyout", str(nginx.folder / "privkey.pem"), "-out", nginx.certificate)
    request = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files)
    subprocess.run(request, check=True, capture_output=True)


def _wait(nginx: NginxProgram, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not listens(nginx.port):
        said = (nginx.folder / "output").read_text("utf-8") + _read(nginx.folder / "error.log")
        assert process.poll() is None, said
        assert time.monotonic() < deadline, said
        time.sleep(0.05)


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
