"""Letters to an authority: words as data, filled from the case, past the disclosure gate, recorded as sent."""
