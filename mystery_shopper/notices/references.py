"""How people name a notice: by number, OCID, or the address of its page. All become one key. Pure.

An address is only read, never opened.
"""

import re
from urllib.parse import parse_qs, urlsplit

TEXT_MAX = 500
FIELDS_MAX = 20
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_OCID = re.compile(r"ocds-[0-9a-z]{6}-[!-~]{1,100}", re.ASCII)
_NUMBER = re.compile(r"([0-9]{6})-(20[0-9]{2})", re.ASCII)
_JOURNAL = re.compile(r"(20[0-9]{2})\s?/?\s?s\s?([0-9]{3})\s?-\s?([0-9]{6})", re.ASCII)
_PAGE = re.compile(r"[a-z]{3}[0-9]{6,9}", re.ASCII)
"""How Public Contracts Scotland and Sell2Wales number their pages: a month and a number."""
_RELEASE = re.compile(rf"({_GUID.pattern})-[0-9]{{1,9}}", re.ASCII)
UK_JOURNAL = "000"
"""The journal part of a number that Find a Tender gives; the EU journal has others."""
FIND_A_TENDER = frozenset({"find-tender.service.gov.uk", "www.find-tender.service.gov.uk"})
CONTRACTS_FINDER = frozenset({"contractsfinder.service.gov.uk", "www.contractsfinder.service.gov.uk"})
OTHERS = frozenset(
    {
        "sell2wales.gov.wales",
        "www.sell2wales.gov.wales",
        "publiccontractsscotland.gov.uk",
        "www.publiccontractsscotland.gov.uk",
    }
)


def key_of(text: str) -> str | None:
    """Return the key of what somebody typed to name a notice, None when it names none that we know how to read."""
    typed = text.strip().casefold()[:TEXT_MAX]
    if "://" in typed or typed.startswith("www."):
        return _key_of_address(typed)
    if typed.startswith("ocds-"):
        return f"ocid:{typed}" if _OCID.fullmatch(typed) else None
    return _key_of_number(typed)


def _key_of_number(typed: str) -> str | None:
    bare = typed.removeprefix("notice").strip(" :#")
    if number := _NUMBER.fullmatch(bare):
        return f"number:{number[1]}-{number[2]}"
    if journal := _JOURNAL.fullmatch(bare):
        if journal[2] == UK_JOURNAL:
            return f"number:{journal[3]}-{journal[1]}"
        return f"journal:{journal[1]}/s {journal[2]}-{journal[3]}"
    if release := _RELEASE.fullmatch(bare):
        return f"page:{release[1]}"
    return f"page:{bare}" if _GUID.fullmatch(bare) or _PAGE.fullmatch(bare) else None


def _key_of_address(typed: str) -> str | None:
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host = parts.hostname or ""
        fields = parse_qs(parts.query, max_num_fields=FIELDS_MAX)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    last = parts.path.rstrip("/").rpartition("/")[2]
    if host in FIND_A_TENDER:
        found = key_of(last) if not last.startswith("www.") else None
        return found if found and found.startswith(("number:", "ocid:")) else None
    if host in CONTRACTS_FINDER:
        guid = _GUID.search(parts.path)
        ocid = last if _OCID.fullmatch(last) else ""
        return f"ocid:{ocid}" if ocid else (f"page:{guid[0]}" if guid else None)
    if host in OTHERS:
        page = fields.get("id", [""])[0]
        return f"page:{page}" if _PAGE.fullmatch(page) else None
    return None


def keys_of_release(ocid: str, release_id: str, numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys under which a release is found: its OCID, its own id, and the numbers its notices carry."""
    named = (f"ocid:{ocid.casefold()}", *(key_of(text) for text in (release_id, *numbers)))
    return tuple(dict.fromkeys(key for key in named if key is not None))


def shown_number(release_id: str, ocid: str) -> str:
    """Return what people call a notice: its number where it has one, else the OCID."""
    return release_id if _NUMBER.fullmatch(release_id) else ocid
