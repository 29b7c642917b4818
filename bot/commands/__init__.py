"""The verbs of the `duanka` command, one module a noun. Parse, call, print."""
