"""The `triage` commands."""

from flask.cli import AppGroup

from mystery_shopper.rules.cli import flags_command

triage_cli = AppGroup("triage", help="Apply the rules.")
triage_cli.add_command(flags_command, "flags")
