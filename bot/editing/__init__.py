"""How bulletins come in and out, and what editors are told of gaps: what the desk and the command line both call."""
