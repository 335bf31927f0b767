"""Operator commands for accounts."""

import uuid

import click
from flask.cli import AppGroup

from mystery_shopper.accounts import queries, services
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import Role
from mystery_shopper.core import clock
from mystery_shopper.core.db import separate_reading, transaction
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.events import SYSTEM

accounts_cli = AppGroup("accounts", help="Accounts of the people who work on cases.")


@accounts_cli.command("create")
@click.argument("email")
@click.option("--name", required=True, help="Full name, as colleagues read it.")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="Repeatable.",
)
def create(email: str, name: str, roles: tuple[str, ...]) -> None:
    """Create an account and print its one-time password, once. It works for 24 hours.

    Example: mystery-shopper accounts create ada@example.org --name "Ada Lovelace" --role caseworker
    """
    with transaction():
        made = services.create_user(
            email=email, name=name, roles=[Role(role) for role in roles], actor=SYSTEM, now=clock.utc_now()
        )
        address, password = made.user.email, made.one_time_password
    click.echo(f"Created {address}. One-time password, shown once, for 24 hours:\n{password}")


@accounts_cli.command("list")
def list_accounts() -> None:
    """List the accounts: email address, roles, state.

    Example: mystery-shopper accounts list
    """
    with separate_reading() as session:
        for user in queries.list_users(session):
            click.echo(f"{user.email}\t{','.join(sorted(user.roles))}\t{_state(user)}\t{user.name}")


@accounts_cli.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close the account of EMAIL and end its sessions at once.

    Example: mystery-shopper accounts disable ada@example.org
    """
    with transaction():
        services.disable_user(queries.get_user(_id_of(email)), actor=SYSTEM, now=clock.utc_now())
    click.echo("The account is closed and its sessions have ended.")


@accounts_cli.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Give EMAIL a new one-time password, printed once. Second factor and sessions are gone.

    Example: mystery-shopper accounts reset ada@example.org
    """
    with transaction():
        made = services.reset_access(queries.get_user(_id_of(email)), actor=SYSTEM, now=clock.utc_now())
        password = made.one_time_password
    click.echo(f"One-time password, shown once, for 24 hours:\n{password}")


def _id_of(email: str) -> uuid.UUID:
    user = queries.find_user_by_email(email)
    if user is None:
        raise NotFoundError(f"There is no account {email}")
    return user.id


def _state(user: User) -> str:
    if user.is_disabled:
        return "closed"
    return "in use" if user.has_second_factor else "not signed in yet"
