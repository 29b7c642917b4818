"""A message's life, for every door: admitted, limited, waiting its turn, asked, answered. Knows no HTTP."""
