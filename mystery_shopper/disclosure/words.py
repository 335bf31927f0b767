"""The lists of words the gate knows (`data/*.txt`): what says nothing about anybody, and what is no word of a name."""

from functools import cache
from importlib.resources import files

from mystery_shopper.disclosure.folding import fold_words


@cache
def read_list(name: str) -> frozenset[str]:
    """Return the entries of a list as they are written."""
    text = (files("mystery_shopper.disclosure") / "data" / name).read_text(encoding="utf-8")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(entry for line in lines for entry in line.split())


@cache
def _folded_list(name: str) -> frozenset[str]:
    return frozenset(word for entry in read_list(name) for word in fold_words(entry))


@cache
def and_word() -> str:
    """Return the fold of "and", which also stands for an ampersand."""
    return fold_words("and")[0]


@cache
def letter_words() -> frozenset[str]:
    """Return the folded words that stand in almost any letter (data/letter_words.txt, and legal forms)."""
    return _folded_list("letter_words.txt") | legal_forms() | {and_word()}


@cache
def ordinary_words() -> frozenset[str]:
    """Return the folded words that say nothing about anybody alone: those of letters, and data/ordinary_words.txt."""
    return _folded_list("ordinary_words.txt") | letter_words()


@cache
def document_words() -> frozenset[str]:
    """Return the folded words of which names of files are made (data/document_words.txt), and all ordinary ones."""
    return _folded_list("document_words.txt") | ordinary_words()


def legal_forms() -> frozenset[str]:
    """Return the folded words for the legal form of a firm."""
    return _folded_list("legal_forms.txt")


def titles() -> frozenset[str]:
    """Return the folded titles of people."""
    return _folded_list("titles.txt")


def mailboxes() -> frozenset[str]:
    """Return the folded names of mailboxes that many firms have."""
    return _folded_list("mailboxes.txt")


def mail_providers() -> frozenset[str]:
    """Return the domains that are nobody's own."""
    return read_list("mail_providers.txt")


def suffix_labels() -> frozenset[str]:
    """Return the labels a domain can end with."""
    return read_list("suffix_labels.txt")
