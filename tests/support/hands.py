"""How somebody works a page: with a mouse, or with the keyboard alone. Both do the same to the same element."""

from typing import Protocol

from playwright.sync_api import Locator

TYPED_MOST = 300
MOST_STEPS = 150
"""Presses of Tab after which a page is taken not to lead to an element."""
IS_FOCUSED = "wanted => wanted === document.activeElement"
IS_NEAR = """wanted => {
  const at = document.activeElement
  return wanted === at || (wanted.type === "radio" && wanted.name === at.name)
}"""


class Hands(Protocol):
    """What can be done to an element of a page."""

    def press(self, target: Locator) -> None:
        """Press a button or follow a link."""

    def tick(self, target: Locator) -> None:
        """Choose a radio or a box; what is chosen stays so."""

    def write(self, target: Locator, text: str) -> None:
        """Put a text into a field in place of what is there."""

    def select(self, target: Locator, words: str) -> None:
        """Choose the option of a list that has these words."""


class Mouse:
    """Points at what is wanted."""

    def press(self, target: Locator) -> None:
        target.click()

    def tick(self, target: Locator) -> None:
        target.check()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def select(self, target: Locator, words: str) -> None:
        target.select_option(label=words)


class Keyboard:
    """Goes from element to element with Tab, within a group of radios with the arrow, and never points."""

    def press(self, target: Locator) -> None:
        self.reach(target)
        target.page.keyboard.press("Enter")

    def tick(self, target: Locator) -> None:
        self.reach(target)
        if not target.is_checked():
            target.page.keyboard.press("Space")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        target.page.keyboard.press("Control+A")
        if len(text) > TYPED_MOST:
            target.page.keyboard.insert_text(text)  # pasted
        else:
            target.page.keyboard.type(text)

    def select(self, target: Locator, words: str) -> None:
        self.reach(target)
        target.page.keyboard.type(words)
        target.page.keyboard.press("Tab")  # a list that is open closes; the next reach goes on from there

    def reach(self, target: Locator) -> None:
        """Move the focus to an element.

        Raises:
            AssertionError: the keyboard does not lead there.
        """
        self._step(target, "Tab", IS_NEAR)
        self._step(target, "ArrowDown", IS_FOCUSED)

    def _step(self, target: Locator, key: str, arrived: str) -> None:
        for _ in range(MOST_STEPS):
            if target.evaluate(arrived):
                return
            target.page.keyboard.press(key)
        raise AssertionError(f"{target} cannot be reached by keyboard")
