"""Facts read out of text: what a narrative, a pasted requirement or a notice says, with the words that say it."""
