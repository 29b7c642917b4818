"""Here so that this folder can be imported from: programs that the tests of several folders start."""
