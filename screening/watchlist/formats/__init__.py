"""One module for each format in which sanctions lists are published."""
