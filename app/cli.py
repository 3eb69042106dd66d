"""The `civicwindow` command: serve, work, migrate, demo, back up, check.

Each command is one transaction or hands over to a loop that makes its own;
what it does stands in the features.
"""

import sys
from datetime import timedelta
from typing import Annotated, NoReturn

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
from app.demo import founding
from app.imports import commands as imports
from app.kernel import audit, events, outbox
from app.kernel.errors import DomainError
from app.main import create_app, make_edge
from app.notifications import channels
from app.settings import Settings
from app.web import logs
from app.web.deps import Edge
from app.web.ui import local, zone_of
from app.worker import Worker, run_until_told

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
check = typer.Typer(no_args_is_help=True, help="Prove that what is stored is whole.")
cli.add_typer(check, name="check")
cli.add_typer(imports.commands(lambda: _edge(Settings())), name="import")
_YEAR = timedelta(days=366)


def main() -> None:
    """Entry point of the installed command."""
    cli()


def application() -> FastAPI:
    """The application as the environment configures it; what several processes each make."""
    return create_app(Settings())


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(envvar="HOST", help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(envvar="PORT", help="port to listen on")] = None,
    workers: Annotated[int, typer.Option(help="web processes; only with PostgreSQL")] = 1,
) -> None:
    """Migrate, load the demo city on a first start in demo mode, and serve."""
    settings = Settings()
    if workers > 1 and settings.is_sqlite:
        _stop("SQLite takes one web process. Set CIVICWINDOW_DATABASE_URL to PostgreSQL for more.")
    edge = _edge(settings)
    migrating.upgrade(edge.engine)
    if settings.demo:
        _demo_if_empty(edge)
    host, port = host or settings.host, port or settings.port
    _say_where(settings, host, port)
    uvicorn.run(
        "app.cli:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,  # structlog writes the one line a request gets
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
    )


@cli.command()
def worker() -> None:
    """Do background jobs until told to stop."""
    settings = Settings()
    logs.configure(settings.log_level)
    run_until_told(_worker(_edge(settings)))


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    migrating.upgrade(make_edge(Settings()).engine)
    typer.echo("The database is up to date.")


@cli.command()
def administrators(
    unit: Annotated[str, typer.Option(help="name of the uppermost unit")],
) -> None:
    """Fill in shipped catalogue and calendars, open three administrators, print their passwords."""
    edge = _edge(Settings())
    passwords = {role: new_password() for role in first_start.DEFAULT_NAMES}
    now = edge.now()
    try:
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
    except DomainError as error:
        _stop(str(error))
    for role, name in names.items():
        typer.echo(f"{role:10}{name:12}{passwords[role].password}")
    typer.echo("Each must choose a new password at the first sign-in. They are shown only now.")


@check.command("audit")
def check_audit() -> None:
    """Recompute the chain of seals over the audit log; exit 1 if it does not hold."""
    with _edge(Settings()).reading() as session:
        report = audit.verify(session)
    typer.echo(
        f"{report.seals} seals over {report.sealed_entries} entries hold; "
        f"{report.unsealed_entries} entries are not sealed yet. Last digest: {report.head or '-'}"
    )
    if not report.is_whole:
        _stop(f"Seal {report.broken_seal} does not hold: an entry was changed, added or removed.")


def _edge(settings: Settings) -> Edge:
    """The way to the database, with everybody listening who listens in the web."""
    events.wire(wiring.SUBSCRIBERS)
    outbox.wire(channels.delivery(settings))
    return make_edge(settings)


def _worker(edge: Edge) -> Worker:
    return Worker(edge, wiring.JOBS, wiring.SCHEDULE)


def _demo_if_empty(edge: Edge) -> None:
    with edge.reading() as session:
        if founding.is_founded(session):
            return
    typer.echo("First start: loading the demo city …")
    now = edge.now()
    with edge.writing() as session:
        made = founding.found_city(
            session, now=now, since=(now - _YEAR).date(), zone=edge.settings.zone
        )
    typer.echo("  " + ", ".join(f"{count} {name}" for name, count in made.items()))


def _say_where(settings: Settings, host: str, port: int) -> None:
    here = f"http://{host}:{port}"
    typer.echo(f"Portal    {here}/\nSign in   {here}/sign-in\nDesk      {here}/desk")
    typer.echo(f"Board     {here}/board\nAdmin     {here}/admin")
    if settings.demo:
        names = ", ".join(account.username for account in DEMO_ACCOUNTS)
        typer.echo(f"Demo accounts: {names}\nTheir password: {DEMO_PASSWORD}")


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(1)
