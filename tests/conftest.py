"""Here so that this folder can be imported from: programs that the tests of several folders start."""

import signal

from hypothesis import HealthCheck, settings

# Whether a tree is good must depend neither on chance nor on how busy the machine is: the same examples every time, as
# slow as they come. `pytest --hypothesis-profile=hunt` looks for others.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("hunt", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs under test also where the tests run in the background, and inherit its ignoring."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
