"""`accounts create`, `list`, `disable` and `reset`."""

from click.testing import Result
from flask import Flask

from mystery_shopper.accounts.cli import accounts_cli
from mystery_shopper.accounts.policy import Role
from tests.factories.staff import add_member, give_password


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(accounts_cli, list(arguments))


def create(app: Flask, *roles: str) -> Result:
    options = [part for role in roles for part in ("--role", role)]
    return run(app, "create", "Ada@example.org", "--name", "Ada Lovelace", *options)


def test_a_created_account_signs_in_with_the_printed_password(app: Flask) -> None:
    result = create(app, "caseworker", "publisher")
    assert result.exit_code == 0
    password = result.output.splitlines()[-1]
    assert give_password(app.test_client(), "ada@example.org", password).location == "/sign-in/set-up"
    assert run(app, "list").output == "ada@example.org\tcaseworker,publisher\tnot signed in yet\tAda Lovelace\n"


def test_what_is_not_allowed_ends_with_an_error(app: Flask) -> None:
    assert create(app, "administrator", "auditor").exit_code != 0
    assert create(app, "king").exit_code != 0
    assert create(app).exit_code != 0
    assert create(app, "auditor").exit_code == 0
    assert create(app, "auditor").exit_code != 0
    assert run(app, "disable", "nobody@example.org").exit_code != 0


def test_disable_and_reset_change_the_state(app: Flask) -> None:
    with app.app_context():
        member = add_member(Role.AUDITOR, name="B")
    assert run(app, "disable", member.email).exit_code == 0
    assert "\tclosed\t" in run(app, "list").output
    result = run(app, "reset", member.email)
    assert result.exit_code == 0
    assert give_password(app.test_client(), member.email, result.output.splitlines()[-1]).location == "/sign-in/set-up"
