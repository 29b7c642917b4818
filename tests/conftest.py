"""Here so that this folder can be imported from: programs that the tests of several folders start."""

import os
import signal

from hypothesis import HealthCheck, settings

from bot.processes import loopback

# Whether a tree is good must depend neither on chance nor on how busy the machine is: the same examples every time, as
# slow as they come. `pytest --hypothesis-profile=hunt` looks for others.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("hunt", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs under test also where the tests run in the background, and inherit its ignoring."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _share_the_ports()


def _share_the_ports() -> None:
    """Where the tests run in several processes, none hands out a port that another one may have handed out.

    By pairs: Linux gives programs that ask for any port the odd ones first.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if worker:
        workers = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        loopback._given.update(port for port in range(65536) if port // 2 % workers != int(worker) % workers)
