"""What an amount that is not written in figures probably means. Pure.

Nothing is guessed on a person's behalf: the amount stays refused, and the message says how to write it.
"""

import re

from mystery_shopper.core.languages import _

_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000}
_SCALES |= {"bn": 1_000_000_000, "billion": 1_000_000_000}
_SHORT = re.compile(rf"£? ?([0-9]{{1,6}})(?:\.([0-9]{{1,3}}))? ?({'|'.join(_SCALES)})(?: pounds)?", re.IGNORECASE)


def figures_of(text: str) -> str:
    """Return the pounds that `40 million` or `£1.5m` stands for, as they are to be typed; empty for anything else."""
    match = _SHORT.fullmatch(text)
    if match is None:
        return ""
    whole, part, scale = match[1], match[2] or "", _SCALES[match[3].lower()]
    return f"{int(whole) * scale + int(part or 0) * scale // 10 ** len(part):,}"


def advice_on(text: str) -> str:
    """Return how to type an amount written in short, to follow a message; empty for any other text."""
    figures = figures_of(text)
    short = text.removeprefix("£").strip()
    return _(". For {short} enter {figures}", short=short, figures=figures) if figures else ""
