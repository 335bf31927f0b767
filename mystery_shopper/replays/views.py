"""Pages of re-triage: try other rules on the open cases, see what would change, apply it, read earlier rules."""

from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config import Config
from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import record_access
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.pagination import decode_cursor, whole_number
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.replays import candidates, queries, services
from mystery_shopper.replays.candidates import Candidate, Figure
from mystery_shopper.replays.export import changes_csv, counts_csv
from mystery_shopper.replays.forms import UNITS, ApplyForm, ButtonForm, FigureForm, TryForm
from mystery_shopper.replays.models import Replay
from mystery_shopper.replays.running import running
from mystery_shopper.replays.states import CHANGE_LABELS, RUNNING, STATE_LABELS, Change, Phase, ReplayState

bp = Blueprint("replays", __name__)

EXPORT_LIMIT = 50_000
LABELS = {"states": STATE_LABELS, "changes": CHANGE_LABELS}


@bp.get("/rules/replay")
@requires(Permission.RULES_READ)
def list_replays() -> ResponseReturnValue:
    return render_template(
        "replays/list_replays.html",
        replays=queries.list_replays(),
        versions=queries.list_versions(),
        running=running(),
        labels=LABELS,
        can_change=signed_in_user().can(Permission.RULES_CHANGE),
    )


@bp.route("/rules/replay/new", methods=["GET", "POST"])
@requires(Permission.RULES_CHANGE)
@transactional
def try_rules() -> ResponseReturnValue:
    form = TryForm()
    form.offer(candidates.settable_figures(running().catalogue), candidates.list_packs(_packs()))
    if form.validate_on_submit():
        if form.figure_id:
            return redirect(url_for("replays.try_figure", figure_id=form.figure_id))
        try:
            return _begin(
                candidates.from_folder(_packs() / form.pack_name) if form.pack_name else candidates.in_force()
            )
        except DomainError as error:
            form.add_error(error, "what")
    return render_template("replays/try_rules.html", form=form)


@bp.route("/rules/replay/figures/<figure_id>", methods=["GET", "POST"])
@requires(Permission.RULES_CHANGE)
@transactional
def try_figure(figure_id: str) -> ResponseReturnValue:
    figure, form = _get_figure(figure_id), FigureForm()
    form.value.description = UNITS.get(figure.type, "")
    if form.validate_on_submit():
        try:
            return _begin(candidates.with_figure(figure_id, form.value.data))
        except DomainError as error:
            form.add_error(error)
    return render_template("replays/try_figure.html", form=form, figure=figure)


def _get_figure(figure_id: str) -> Figure:
    for figure in candidates.settable_figures(running().catalogue):
        if figure.id == figure_id:
            return figure
    raise NotFoundError


def _begin(candidate: Candidate) -> ResponseReturnValue:
    """Start a replay and do its first slice, which is all of it where there are few open cases."""
    now = clock.utc_now()
    replay = services.start_replay(candidate, user=signed_in_user(), now=now)
    services.work_on(replay.id, now=now)
    return redirect(url_for("replays.show_replay", replay_id=replay.id))


@bp.get("/rules/replay/<uuid:replay_id>")
@requires(Permission.RULES_READ)
def show_replay(replay_id: UUID) -> ResponseReturnValue:
    replay, user = queries.get_replay(replay_id), signed_in_user()
    phase = _phase(replay)
    page = queries.list_changes(replay, phase, user, cursor=decode_cursor(request.args.get("cursor")))
    return render_template(
        "replays/show_replay.html",
        replay=replay,
        is_running=replay.state in RUNNING,
        tallies=queries.tally_changes(replay, phase),
        changed=queries.count_cases_changed(replay, phase),
        visible=queries.count_visible_cases(replay, phase, user),
        drift=queries.drift_of(replay) if replay.state is ReplayState.APPLIED else None,
        page=page,
        links={"next": _page_url(replay, page.next_cursor), "previous": _page_url(replay, page.previous_cursor)},
        labels=LABELS,
        kinds=list(Change),
        can_change=user.can(Permission.RULES_CHANGE),
    )


def _phase(replay: Replay) -> Phase:
    return Phase.COMPARED if replay.number is None else Phase.APPLIED


def _page_url(replay: Replay, cursor: str | None) -> str:
    return url_for("replays.show_replay", replay_id=replay.id, cursor=cursor) if cursor else ""


@bp.post("/rules/replay/<uuid:replay_id>/continue")
@requires(Permission.RULES_CHANGE)
@transactional
def continue_replay(replay_id: UUID) -> ResponseReturnValue:
    replay = queries.get_replay(replay_id)
    if ButtonForm().validate_on_submit():
        services.work_on(replay.id, now=clock.utc_now())
        return redirect(url_for("replays.show_replay", replay_id=replay_id))
    raise DomainError("Your page timed out. Nothing was done. Go back and select the button again")


@bp.route("/rules/replay/<uuid:replay_id>/apply", methods=["GET", "POST"])
@requires(Permission.RULES_CHANGE, step_up=True)
@transactional
def apply_replay(replay_id: UUID) -> ResponseReturnValue:
    replay, form = _for_update(replay_id), ApplyForm()
    if request.method != "POST":
        form.version.data = str(replay.row_version)
    if form.validate_on_submit():
        try:
            return _apply(replay, form)
        except DomainError as error:
            form.add_error(error)
    changed = queries.count_cases_changed(replay, Phase.COMPARED)
    return render_template("replays/apply_replay.html", replay=replay, form=form, changed=changed)


def _apply(replay: Replay, form: ApplyForm) -> ResponseReturnValue:
    actor, now = signed_in_user().actor, clock.utc_now()
    services.apply_replay(replay, reason=form.reason.data, version=form.to_version(), actor=actor, now=now)
    flash("These rules are in force. The open cases are being judged again", "success")
    return redirect(url_for("replays.show_replay", replay_id=replay.id))


def _for_update(replay_id: UUID) -> Replay:
    return queries.lock_replay(replay_id) if request.method == "POST" else queries.get_replay(replay_id)


@bp.route("/rules/replay/<uuid:replay_id>/discard", methods=["GET", "POST"])
@requires(Permission.RULES_CHANGE)
@transactional
def discard_replay(replay_id: UUID) -> ResponseReturnValue:
    replay, form = _for_update(replay_id), ButtonForm()
    if form.validate_on_submit():
        try:
            services.discard_replay(replay, now=clock.utc_now())
        except DomainError as error:
            form.add_error(error)
        else:
            flash("The comparison was discarded", "success")
            return redirect(url_for("replays.list_replays"))
    return render_template("replays/discard_replay.html", replay=replay, form=form)


@bp.get("/rules/replay/<uuid:replay_id>/cases.csv")
@requires(Permission.RULES_READ, step_up=True)
def export_changes(replay_id: UUID) -> ResponseReturnValue:
    replay, user = queries.get_replay(replay_id), signed_in_user()
    found = queries.list_all_changes(replay, _phase(replay), user, limit=EXPORT_LIMIT + 1)
    if len(found) > EXPORT_LIMIT:
        raise DomainError(
            f"There are more than {EXPORT_LIMIT:,} changes. The command 'triage replay --json' lists them all"
        )
    record_access(Action.EXPORT_MADE, actor=user.actor, subject="replay", subject_id=replay.id, now=clock.utc_now())
    return _csv(changes_csv(found), "cases")


@bp.get("/rules/replay/<uuid:replay_id>/rules.csv")
@requires(Permission.RULES_READ)
def export_counts(replay_id: UUID) -> ResponseReturnValue:
    replay = queries.get_replay(replay_id)
    return _csv(counts_csv(queries.tally_changes(replay, _phase(replay))), "rules")


def _csv(text: str, name: str) -> Response:
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="replay-{name}-{clock.today().isoformat()}.csv"'
    return response


@bp.get("/rules/versions/<number>")
@requires(Permission.RULES_READ)
def show_version(number: str) -> ResponseReturnValue:
    version = queries.get_version(whole_number(number))
    name = request.args.get("file", "")
    if name and name not in version.files:
        raise NotFoundError
    return render_template(
        "replays/show_version.html",
        version=version,
        file=name,
        overrides=candidates.read_overrides(version.files),
        is_in_force=version.number == running().number,
    )


def _packs() -> Path:
    settings: Config = current_app.extensions["settings"]
    return settings.instance_dir / "catalogues"
