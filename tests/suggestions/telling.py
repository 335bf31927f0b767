"""Walking through Tell us How as a commissioner does, page by page."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mystery_shopper.core import receipts
from mystery_shopper.suggestions import journey

CODE = re.compile(r'<p class="ms-code">(.*?)</p>', re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ANSWERS: dict[str, dict[str, str]] = {
    "force": {"forced_by": "other", "forced_by_other": "A habit"},
    "body": {"body": "other", "body_other": "The Example Board"},
    "about": {"family": "turnover"},
    "rule": {"rule": "FIN-TURNOVER-2X"},
    "requirement": {"requirement": "Turnover of four times the contract, zanzibar"},
    "instead": {"would_rather": "Twice at most"},
    "value": {"value_pence": "£400,000", "tenders": "12"},
    "authority": {"authority": "Barchester City Council", "giveaways": "Plumstead Episcopi"},
}


def telling_fields(page: str) -> dict[str, str]:
    """Return what the form of a page carries unseen: the token, the draft, where to go back to."""
    main = page.split("<main", 1)[-1]
    found = {}
    for tag in HIDDEN.findall(main):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found.setdefault(name.group(1), value.group(1) if value else "")
    return found


def send(client: FlaskClient, path: str, **data: str) -> TestResponse:
    """Fill in the form of a page and send it."""
    return client.post(path.split("?")[0], data={**telling_fields(client.get(path).text), **data})


def tell(client: FlaskClient, answers: dict[str, dict[str, str]] | None = None) -> str:
    """Walk the pages to the check page; return the code it shows."""
    for step in journey.STEPS:
        answer = send(client, f"/tell-us-how/{step.slug}", **(answers or ANSWERS)[step.slug])
        assert answer.status_code == 302, answer.text
    return code_on(client.get("/tell-us-how/check").text)


def code_on(page: str) -> str:
    """Return the receipt code a page shows."""
    shown = CODE.search(page)
    assert shown
    return receipts.parse(re.sub(r"<[^>]+>", "", shown.group(1)))
