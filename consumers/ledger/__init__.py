"""Memory and view: what the topics said so far, in a relational database."""
