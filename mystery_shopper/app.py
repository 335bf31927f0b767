"""Wiring of the application: which parts there are and in which order they are put together. No logic."""

from pathlib import Path

from flask import Flask, request
from flask_migrate import Migrate

from config import Config, load_config
from mystery_shopper.accounts import access, login, sessions
from mystery_shopper.accounts.views import bp as accounts_bp
from mystery_shopper.allocation import holdings as allocation_holdings
from mystery_shopper.allocation.views import bp as allocation_bp
from mystery_shopper.answering import casepage as answering_page
from mystery_shopper.answering.views import answer_bp
from mystery_shopper.answering.views import bp as answering_bp
from mystery_shopper.casenotices import casepage as casenotices_page
from mystery_shopper.casenotices import handlers as casenotice_handlers
from mystery_shopper.casenotices.views import bp as casenotices_bp
from mystery_shopper.casework import casepage as casework_page
from mystery_shopper.casework.views import bp as casework_bp
from mystery_shopper.checks.views import bp as checks_bp
from mystery_shopper.clocks import casepage as clocks_page
from mystery_shopper.clocks import handlers as clock_handlers
from mystery_shopper.clocks.views import bp as clocks_bp
from mystery_shopper.core.crypto import install_keyring, keyring, load_keyring
from mystery_shopper.core.db import BUSY_TIMEOUT_MS, db, set_reading
from mystery_shopper.evidence import wiring as evidence
from mystery_shopper.guidance import casepage as guidance_page
from mystery_shopper.guidance import links as guidance_links
from mystery_shopper.guidance.views import bp as guidance_bp
from mystery_shopper.identity import casepage as identity_page
from mystery_shopper.identity.views import bp as identity_bp
from mystery_shopper.intake.views import bp as intake_bp
from mystery_shopper.intake.views import keying_bp, proof_bp, receipt_bp
from mystery_shopper.interests import casepage as interests_page
from mystery_shopper.interests import handlers as interest_handlers
from mystery_shopper.interests.views import bp as interests_bp
from mystery_shopper.interventions import casepage as interventions_page
from mystery_shopper.interventions import handlers as intervention_handlers
from mystery_shopper.interventions.views import bp as interventions_bp
from mystery_shopper.letters import casepage as letters_page
from mystery_shopper.letters.views import bp as letters_bp
from mystery_shopper.notices.views import bp as notices_bp
from mystery_shopper.notifications import handlers as notification_handlers
from mystery_shopper.oversight.views import bp as oversight_bp
from mystery_shopper.publication import casepage as publication_page
from mystery_shopper.publication import handlers as publication_handlers
from mystery_shopper.publication.views import bp as publication_bp
from mystery_shopper.publication.views import results_bp
from mystery_shopper.readiness import bp as readiness_bp
from mystery_shopper.replays import handlers as replay_handlers
from mystery_shopper.replays import source as catalogue_source
from mystery_shopper.replays.views import bp as replays_bp
from mystery_shopper.requests import casepage as requests_page
from mystery_shopper.requests.views import bp as requests_bp
from mystery_shopper.retention import casepage as retention_page
from mystery_shopper.retention.views import bp as retention_bp
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.similarity import casepage as similarity_page
from mystery_shopper.similarity import handlers as similarity_handlers
from mystery_shopper.similarity.views import bp as similarity_bp
from mystery_shopper.statistics.views import bp as statistics_bp
from mystery_shopper.suggestions import rulepage as suggestions_on_rules
from mystery_shopper.suggestions.bodies import imposing_bodies
from mystery_shopper.suggestions.views import bp as suggestions_bp
from mystery_shopper.teamwork import casepage as teamwork_page
from mystery_shopper.teamwork.checklists import checklists
from mystery_shopper.teamwork.views import bp as teamwork_bp
from mystery_shopper.triage import casepage as triage_page
from mystery_shopper.triage import handlers as triage_handlers
from mystery_shopper.triage.views import bp as triage_bp
from mystery_shopper.web import (
    assets,
    code_watch,
    errors,
    filters,
    languages,
    limits,
    navigation,
    pages,
    security,
    sent_forms,
)

ROOT = Path(__file__).resolve().parent.parent

BLUEPRINTS = (
    pages.bp,
    intake_bp,
    receipt_bp,
    proof_bp,
    keying_bp,
    suggestions_bp,
    checks_bp,
    guidance_bp,
    results_bp,
    statistics_bp,
    accounts_bp,
    casework_bp,
    clocks_bp,
    allocation_bp,
    interests_bp,
    teamwork_bp,
    identity_bp,
    triage_bp,
    replays_bp,
    interventions_bp,
    letters_bp,
    answering_bp,
    answer_bp,
    similarity_bp,
    notices_bp,
    casenotices_bp,
    publication_bp,
    retention_bp,
    requests_bp,
    oversight_bp,
    readiness_bp,
)
HANDLERS = (
    interest_handlers,
    clock_handlers,  # before triage, which asks how long the tender is open
    triage_handlers,
    similarity_handlers,
    casenotice_handlers,
    replay_handlers,
    intervention_handlers,
    publication_handlers,
    notification_handlers,
)
CASE_PAGES = (
    casework_page,
    clocks_page,
    interests_page,
    teamwork_page,
    identity_page,
    triage_page,
    interventions_page,
    letters_page,
    answering_page,
    similarity_page,
    casenotices_page,
    publication_page,
    guidance_page,
    requests_page,
    retention_page,
)
RULE_PAGES = (suggestions_on_rules,)
HOLDINGS = (allocation_holdings,)

PARTS = (
    catalogue_source,
    evidence,
    sent_forms,  # before security: of the parts that look at answers the first looks last
    security,
    sessions,
    languages,
    errors,
    filters,
    limits,
    code_watch,
    navigation,
    assets,
    guidance_links,
)

migrate = Migrate(directory=str(ROOT / "migrations"), render_as_batch=True)


def create_app(settings: Config | None = None) -> Flask:
    """Build the application.

    Raises:
        ConfigurationError: a setting, a key or a route without an access rule stands against starting.
    """
    settings = settings or load_config()
    install_keyring(load_keyring(settings.keys_file))
    catalogue()  # a rule file that cannot be read stops the start, not the first report
    imposing_bodies()
    checklists()
    app = Flask("mystery_shopper", root_path=str(ROOT), template_folder="templates", static_folder=None)
    app.jinja_options = {"cache_size": -1}  # every template there is: the usual 400 are searched through at each use
    app.config.from_mapping(_flask_settings(settings))
    app.extensions["settings"] = settings
    db.init_app(app)
    migrate.init_app(app, db)
    app.before_request(_choose_transaction)
    app.teardown_request(_forget_transaction)
    for part in PARTS:
        part.init_app(app, settings)
    login.init_app(app)
    access.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for handlers in HANDLERS:
        handlers.register()
    for page in (*CASE_PAGES, *RULE_PAGES, *HOLDINGS):
        page.register()
    access.check_every_route_declares(app)
    return app


def _flask_settings(settings: Config) -> dict[str, object]:
    engine: dict[str, object] = {"hide_parameters": True}
    if not settings.is_sqlite:
        options = f"-c synchronous_commit=on -c lock_timeout={BUSY_TIMEOUT_MS}"
        engine |= {"pool_pre_ping": True, "connect_args": {"options": options}}
    return {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine,
        "SECRET_KEY": keyring().subkey("flask").hex(),
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": settings.max_request_bytes,
        "TESTING": settings.testing,
    }


def _choose_transaction() -> None:
    set_reading(request.method in {"GET", "HEAD", "OPTIONS"})


def _forget_transaction(_error: BaseException | None) -> None:
    set_reading(False)
