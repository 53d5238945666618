"""Text as matching needs it: normalised, with the way back to what was sent."""
