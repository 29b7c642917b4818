"""Programs we start, the loopback they answer on, and what the operator is told meanwhile."""
