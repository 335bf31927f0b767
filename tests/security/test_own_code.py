"""A receipt code typed into a text would be read by whoever reads the text: it is refused in every field."""

import re

import pytest
from flask.testing import FlaskClient

from mystery_shopper.core import clock, receipts
from mystery_shopper.core.errors import DomainError
from mystery_shopper.intake import services
from mystery_shopper.intake.answers import Answers
from tests.factories.staff import token_in
from tests.suggestions.telling import CODE, telling_fields

TELLING_TEXTS = {"requirement": "requirement", "instead": "would_rather", "authority": "authority"}


@pytest.mark.usefixtures("app_context")
@pytest.mark.parametrize("field", services.TEXTS)
def test_no_text_of_a_report_takes_the_code_of_its_draft(field: str):
    draft = services.start_draft(now=clock.reporter_now())
    answers = Answers(**{field: f"Mine is {receipts.grouped(draft.code).lower()}."})
    with pytest.raises(DomainError, match="Remove your receipt code"):
        services.save_answers(draft, answers, now=clock.reporter_now())


def _send(client: FlaskClient, slug: str, **fields: str):
    page = client.get(f"/tell-us-how/{slug}")
    return client.post(f"/tell-us-how/{slug}", data={**telling_fields(page.text), **fields})


def test_no_text_of_tell_us_how_takes_its_code(client: FlaskClient):
    assert _send(client, "force", forced_by="legal-advice").status_code == 302
    shown = CODE.search(client.get("/tell-us-how/save").text)
    assert shown
    code = receipts.parse(re.sub(r"<[^>]+>", "", shown.group(1)))
    for slug, field in TELLING_TEXTS.items():
        refused = _send(client, slug, **{field: f"Two bonds ({receipts.grouped(code)})"})
        assert refused.status_code == 400, slug
        assert "Remove your receipt code from the text" in refused.text, slug
    assert _send(client, "requirement", requirement="Two bonds").status_code == 302


def test_a_browser_that_opens_a_draft_goes_on_under_a_new_token(client: FlaskClient):
    client.get("/report")
    planted = client.get_cookie("session")
    begun = client.post("/report", data={"csrf_token": token_in(client.get("/report").text)})
    assert begun.status_code == 302
    own = client.get_cookie("session")
    assert planted is not None
    assert own is not None
    assert own.value != planted.value
    thief = client.application.test_client()
    thief.set_cookie("session", planted.value)
    assert thief.get(begun.location).status_code == 404
