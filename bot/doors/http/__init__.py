"""The HTTP server as our doors need it: connections, routes, headers."""
