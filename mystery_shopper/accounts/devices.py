"""In which browser a session of staff runs, in words its owner knows it by. Pure.

Only these few words are kept, never what the browser said; of visitors not even they.
"""

DEVICE_MAX = 40
UNKNOWN_BROWSER = "Unknown browser"

# The first that fits: Edge and Opera name Chrome too, and Chrome names Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Return browser and system in words ("Firefox on Windows"), as far as they can be told."""
    browser = _first(BROWSERS, user_agent) or UNKNOWN_BROWSER
    system = _first(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((words for mark, words in known if mark in user_agent), "")
