"""What the tests of each door share lies in this folder: pytest finds it for the folders below."""
