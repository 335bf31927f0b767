"""How often a rule was right, of the flags that people decided. Pure."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959964
"""Two-sided 95 percent point of the normal distribution."""
FEWEST = 5
"""Decided flags below which a share says nothing (project assumption): the interval is wider than half."""


@dataclass(frozen=True)
class Precision:
    """Flags of a rule that people confirmed and that they overruled."""

    confirmed: int
    overruled: int

    @property
    def decided(self) -> int:
        """How many flags people decided."""
        return self.confirmed + self.overruled

    @property
    def share(self) -> float | None:
        """The share that was confirmed, 0 to 1; None where nothing was decided."""
        return self.confirmed / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, with 95 percent confidence; (0, 1) where nothing was decided.

        Source: Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference. It holds for
        small numbers and for shares near 0 and 1, where the textbook interval does not.
        """
        n = self.decided
        if not n:
            return 0.0, 1.0
        share = self.confirmed / n
        middle = share + Z95**2 / (2 * n)
        spread = Z95 * sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
        scale = 1 + Z95**2 / n
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)

    @property
    def words(self) -> str:
        """The share with its interval, or that there are too few decisions to say."""
        if self.share is None:
            return "Nothing decided yet"
        if self.decided < FEWEST:
            return f"Too few to say ({self.confirmed} of {self.decided})"
        low, high = self.interval
        return f"{self.share:.0%} ({low:.0%} to {high:.0%})"
