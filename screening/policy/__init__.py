"""From evidence to verdicts and orders, under a written policy."""
