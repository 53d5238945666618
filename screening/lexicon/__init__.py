"""Lexicons: entries, their file format, and finding their terms in content."""
