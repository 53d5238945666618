"""The edge: the command line, the log, the ledger and the stream roles."""
