"""What the status of an answer says, in one place."""

from werkzeug.test import TestResponse


def assert_status_is_told(answer: TestResponse) -> None:
    """Fail unless a page that names a problem answers 400, and any other 200."""
    has_problem = "There is a problem" in answer.text
    assert answer.status_code == (400 if has_problem else 200), answer.text
