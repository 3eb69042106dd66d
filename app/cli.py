"""The `civicwindow` command: serve, work, migrate, demo, back up, restore, check, import.

Each command is one transaction or hands over to a loop that makes its own;
what it does stands in the features. Trouble is one sentence and exit code 1.
"""

import gc
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
import uvicorn
from fastapi import FastAPI

from app import migrating, wiring
from app.accounts.demo import DEMO_ACCOUNTS
from app.accounts.passwords import DEMO_PASSWORD
from app.accounts.service import first_start
from app.accounts.service.staff import new_password
from app.calendars import service as calendars
from app.catalogue import service as catalogue
from app.citizens.service import tokens
from app.demo import founding, year
from app.demo.year import Progress, Size
from app.desk.bulk import samples
from app.documents import jobs as document_jobs
from app.exports import jobs as export_jobs
from app.exports import sources
from app.facilities import service as facilities
from app.imports import commands as imports
from app.imports import items as service_items
from app.keeping import backups, checking, documents, starting, sweeping
from app.keeping import commands as keeping
from app.keeping import queries as sealed_rows
from app.keeping.plainly import TroubleError, plainly, stop
from app.kernel import audit, events, outbox
from app.kernel.files import store_in
from app.main import create_app, make_edge
from app.notifications import channels
from app.notifications.service import consent
from app.paths import static_dir
from app.portal import library
from app.portal import service as portal
from app.privacy import jobs as privacy_jobs
from app.privacy.service import seeding as privacy
from app.settings import Settings
from app.supervision.queries import Period, recount
from app.supervision.rules import Window, since
from app.supervision.service import levels
from app.web import i18n, logs
from app.web.deps import Edge
from app.web.ui import local, zone_of
from app.worker import Worker, run_until_told

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
check = typer.Typer(help="Prove that what is stored is whole.")
cli.add_typer(check, name="check")
cli.add_typer(imports.commands(lambda: _edge(Settings())), name="import")
cli.add_typer(keeping.commands(lambda: _edge(Settings())), name="keys")
_YEAR: Final = timedelta(days=366)
_MOST_SHOWN: Final = 20


def main() -> None:
    """Entry point of the installed command."""
    cli()


def application() -> FastAPI:
    """The application as the environment configures it; what several processes each make."""
    app = create_app(Settings())
    # What is loaded now stays: a full round of the garbage collector over it takes a fifth
    # of a second, in which nobody is answered.
    gc.collect()
    gc.freeze()
    return app


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(envvar="HOST", help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(envvar="PORT", help="port to listen on")] = None,
    workers: Annotated[int, typer.Option(help="web processes; only with PostgreSQL")] = 1,
) -> None:
    """Migrate, load the demo city on a first start in demo mode, and serve."""
    with plainly():
        settings = Settings()
        host, port = host or settings.host, port or settings.port
        if workers > 1 and settings.is_sqlite:
            msg = "SQLite takes one process. Set CIVICWINDOW_DATABASE_URL to PostgreSQL for more."
            raise TroubleError(msg)
        starting.check_assets(static_dir())
        i18n.catalogue(i18n.Locale.ZH)
        starting.check_port(host, port)
        edge = _edge(settings)
        migrating.upgrade(edge.engine)
        if settings.demo and not _is_founded(edge):
            typer.echo("First start: making the demo city. This takes about a minute …")
            _make_demo(edge, year.WHOLE)
        _say_where(settings, host, port)
    uvicorn.run(
        "app.cli:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,  # structlog writes the one line a request gets
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=10,  # call panels hold a stream open
    )


@cli.command()
def worker() -> None:
    """Do background jobs until told to stop."""
    with plainly():
        settings = Settings()
        logs.configure(settings.log_level)
        edge = _edge(settings)
    run_until_told(_worker(edge))


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    with plainly():
        migrating.upgrade(_edge(Settings()).engine)
    typer.echo("The database is up to date.")


@cli.command()
def demo(
    matters: Annotated[int, typer.Option(min=20, help="how many matters")] = year.WHOLE.matters,
    citizens: Annotated[
        int, typer.Option(min=20, max=10_000, help="how many citizens")
    ] = year.WHOLE.citizens,
) -> None:
    """Make the demo city with a year of matters in an empty database."""
    with plainly():
        edge = _edge(Settings())
        migrating.upgrade(edge.engine)
        if _is_founded(edge):
            msg = "The database is not empty. The demo city is only made in an empty one."
            raise TroubleError(msg)
        _make_demo(edge, Size(matters, citizens))
    typer.echo("To sign in with the demo accounts, serve with CIVICWINDOW_DEMO=true.")


@cli.command("first-admin")
@cli.command("administrators", hidden=True)  # what it was called first
def first_admin(
    unit: Annotated[str, typer.Option(help="name of the uppermost unit")],
) -> None:
    """Prepare an empty installation: calendar, catalogue and its first three administrators."""
    with plainly():
        edge = _edge(Settings())
        migrating.upgrade(edge.engine)
        passwords = {role: new_password() for role in first_start.DEFAULT_NAMES}
        now = edge.now()
        with edge.writing() as session:
            names = first_start.create_first_administrators(
                session,
                unit_name=unit,
                passwords=passwords,
                today=local(now, zone_of(edge.settings.zone)).date(),
                now=now,
            )
            calendars.seed(session, now=now, zone=edge.settings.zone)
            catalogue.seed(session, now=now)
            catalogue.seed_closing(session, now=now)
            facilities.seed(session, now=now)
            privacy.seed(session)
            levels.seed(session)
    for role, name in names.items():
        typer.echo(f"{role:10}{name:12}{passwords[role].password}")
    typer.echo("Each must choose a new password at the first sign-in. They are shown only now.")


@cli.command("export-items")
def export_items(
    file: Annotated[Path, typer.Argument(help="the new file: .json or .xlsx")],
) -> None:
    """Write all service items into a file another house can import."""
    service_items.give_out(_edge(Settings()), file)


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="the new file, such as backup.tar.gz")],
    with_key: Annotated[bool, typer.Option(help="put the key in, too")] = False,  # noqa: FBT002  # an option of a command
) -> None:
    """Write the database and the uploaded files into one file, while serving goes on."""
    with plainly():
        edge = _edge(Settings())
        made = backups.back_up(edge.settings, file, now=edge.now(), with_key=with_key)
    typer.echo(f"{file}: the database and {made.files} files, {made.bytes:,} bytes.")
    if made.has_key:
        typer.echo("The key is inside: whoever has this file can read every name.")
    else:
        typer.echo(
            f"The key {edge.settings.key_file.absolute()} is not inside. Keep a copy of it apart: "
            "without it no name and no telephone number can be read."
        )


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="a file made by `civicwindow backup`")],
    replace: Annotated[bool, typer.Option(help="set aside what is there")] = False,  # noqa: FBT002  # as above
) -> None:
    """Put a back-up in place. Stop the server first."""
    with plainly():
        done = backups.restore(Settings(), file, replace=replace)
        migrating.upgrade(_edge(Settings()).engine)
    typer.echo(f"Restored: the database and {done.files} files. `civicwindow check` proves it.")


@cli.command()
def reindex() -> None:
    """Make everybody findable by name who is not yet; may be stopped and begun again."""
    with plainly():
        edge = _edge(Settings())
        done = 0
        while made := _make_findable(edge):
            done += made
            typer.echo(f"  {done:,} so far")
    typer.echo(f"{done:,} citizens were made findable. Everybody is now.")


@check.callback(invoke_without_command=True)
def check_all(context: typer.Context) -> None:
    """Check everything, or one thing that is named."""
    if context.invoked_subcommand is None:
        check_audit()
        check_cases()
        check_documents()
        check_kpi()
        check_keys()


@check.command("audit")
def check_audit() -> None:
    """Recompute the chain of seals over the audit log; exit 1 if it does not hold."""
    with plainly(), _edge(Settings()).reading() as session:
        report = audit.verify(session)
    typer.echo(
        f"{report.seals} seals over {report.sealed_entries} entries hold; "
        f"{report.unsealed_entries} entries are not sealed yet. Last digest: {report.head or '-'}"
    )
    if not report.is_whole:
        stop(f"Seal {report.broken_seal} does not hold: an entry was changed, added or removed.")


@check.command("cases")
def check_cases() -> None:
    """Recompute the history of every matter, and its dates from its clocks; exit 1 if wrong."""
    with plainly(), _edge(Settings()).reading() as session:
        report = checking.check_cases(session)
    typer.echo(
        f"{report.cases} matters with {report.events} lines of history and "
        f"{report.clocks} open clocks were checked."
    )
    if report.wrong:
        for sentence in report.wrong[:_MOST_SHOWN]:
            typer.echo(sentence, err=True)
        stop(f"{len(report.wrong)} things are not as they should be.")


@check.command("documents")
def check_documents() -> None:
    """Count the numbers of documents through and read every file; exit 1 if one is missing."""
    settings = Settings()
    with plainly(), _edge(settings).reading() as session:
        report = documents.check_documents(session, store_in(settings.data_dir))
    typer.echo(f"{report.documents} documents with {report.files} files were checked.")
    if report.wrong:
        for sentence in report.wrong[:_MOST_SHOWN]:
            typer.echo(sentence, err=True)
        stop(f"{len(report.wrong)} things are not as they should be.")


@check.command("kpi")
def check_kpi() -> None:
    """Work every figure of the board out again from histories and clocks; exit 1 if one differs."""
    with plainly():
        settings = Settings()
        edge = _edge(settings)
        now = edge.now()
        period = Period(since(now, Window.QUARTER, zone_of(settings.zone)), now)
        with edge.reading() as session:
            report = recount.check(session, period, now=now)
    typer.echo(f"The figures of {period.start:%Y-%m-%d} to now were worked out again.")
    if report.wrong:
        for sentence in report.wrong[:_MOST_SHOWN]:
            typer.echo(sentence, err=True)
        stop(f"{len(report.wrong)} things differ; while people are at work, check once more.")


@check.command("keys")
def check_keys() -> None:
    """Count the values that an older key, or another suite, still seals."""
    with plainly(), _edge(Settings()).reading() as session:
        waiting = sealed_rows.waiting(session)
    if not waiting:
        typer.echo("Everything is sealed with the newest key.")
        return
    told = ", ".join(f"{count:,} in {name}" for name, count in waiting.items())
    typer.echo(f"Rows that wait for `civicwindow keys rotate`: {told}.")


def _edge(settings: Settings) -> Edge:
    """The way to the database, with everybody listening who listens in the web.

    Raises:
        TroubleError: the data folder cannot be written to, or the database does not answer.
    """
    starting.check_address(settings.database_url)
    starting.check_folder(settings)
    events.wire(wiring.SUBSCRIBERS)
    outbox.wire(channels.delivery(settings, wiring.LETTERS))
    consent.wire(wiring.CONSENT)
    sweeping.wire(settings.data_dir)
    document_jobs.wire(settings)
    edge = make_edge(settings)
    sources.wire(wiring.EXPORTS)
    export_jobs.wire(edge)
    privacy_jobs.wire(edge)
    starting.check_database(edge.engine)
    return edge


def _make_findable(edge: Edge) -> int:
    with edge.writing() as session:
        return tokens.make_findable(session)


def _worker(edge: Edge) -> Worker:
    return Worker(edge, wiring.JOBS, wiring.SCHEDULE)


def _is_founded(edge: Edge) -> bool:
    with edge.reading() as session:
        return founding.is_founded(session)


def _make_demo(edge: Edge, size: Size) -> None:
    """City and year in one transaction: whoever stops it half-way finds nothing and begins anew."""
    now = edge.now()
    events.wire(year.silent(wiring.SUBSCRIBERS))
    with edge.writing() as session:
        made = founding.found_city(
            session, now=now, since=(now - _YEAR).date(), zone=edge.settings.zone
        )
        typer.echo("  " + ", ".join(f"{count} {name}" for name, count in made.items()))
        store = store_in(edge.settings.data_dir)
        played = year.play_year(session, now=now, size=size, tell=_tell, store=store)
        portal.add_notices(session, library.shipped_notices(), now=now)
        samples.share(session, now=now)
    events.wire(wiring.SUBSCRIBERS)
    typer.echo(
        f"  {played.citizens} citizens, {played.matters} matters, {played.steps} steps, "
        f"{played.ratings} ratings; nothing was sent"
    )


def _tell(progress: Progress) -> None:
    typer.echo(f"  {progress.month}: {progress.matters} matters, {progress.steps} steps so far")


def _say_where(settings: Settings, host: str, port: int) -> None:
    here = f"http://{host}:{port}"
    typer.echo(f"Portal    {here}/\nSign in   {here}/sign-in\nDesk      {here}/desk")
    typer.echo(f"Board     {here}/board\nAdmin     {here}/admin")
    if settings.demo:
        names = ", ".join(account.username for account in DEMO_ACCOUNTS)
        typer.echo(f"Demo accounts: {names}\nTheir password: {DEMO_PASSWORD}")
