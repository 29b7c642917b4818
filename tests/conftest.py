"""Here so that this folder can be imported from: programs that the tests of several folders start."""

import signal


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs under test also where the tests run in the background, which inherit its ignoring."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
