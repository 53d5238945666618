"""Sanctions lists: listed parties, the formats they come in, and finding registrants among them."""
