"""`shopbell demo`: an invented town to look at, served from a directory that holds nothing else."""

import asyncio
import os
from pathlib import Path

import click

from shopbell import migrations
from shopbell.cli import told_plainly
from shopbell.demo import accounts, directory, town
from shopbell.demo.fill import fill
from shopbell.demo.plan import Town
from shopbell.kernel import clock
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.lock import DirectoryLock
from shopbell.settings import BadSettings, Settings, from_environment
from shopbell.signin.passwords import FULL, Passwords


@click.command()
@click.option("--host", help="The loopback address to listen on [SHOPBELL_HOST].")
@click.option("--port", type=click.IntRange(0, 65_535), help="The port; 0 picks a free one [SHOPBELL_PORT].")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="An empty directory, or one that was filled by this command [SHOPBELL_DATA].",
)
@click.option("--base-url", metavar="URL", help="Where people reach this server [SHOPBELL_BASE_URL].")
def demo(host: str | None, port: int | None, data: Path | None, base_url: str | None) -> None:
    """Serve an invented town of shops, staff and members, filled into an empty directory at first.

    Everybody there has the same, printed password, so it is served to this machine alone.
    """
    with told_plainly():
        settings = from_environment(os.environ, host=host, port=port, data=data, base_url=base_url)
        _check(settings)
        with DirectoryLock(settings.data):
            # Asked again, now that nobody else can change the answer.
            if not directory.is_filled(settings.data):
                _fill(settings)
        click.echo(directory.accounts(settings.data))
        # Loaded here, so that --help does not wait for a web server.
        from shopbell import serving  # noqa: PLC0415

        serving.serve(settings)


def _check(settings: Settings) -> None:
    """Raise BadSettings before anything is touched: the lock would leave its file in a foreign directory."""
    if not settings.on_loopback:
        raise BadSettings("The demo's password is known to everybody: listen on 127.0.0.1.")
    if settings.database_url:
        raise BadSettings("The demo keeps everything in its directory: leave DATABASE_URL unset.")
    directory.is_filled(settings.data)


def _fill(settings: Settings) -> None:
    with directory.filling(settings.data):
        migrations.migrate(settings.database)
        plan = town.build(clock.now())
        asyncio.run(_written(settings, plan))
        directory.write_accounts(settings.data, accounts.sheet(plan))


async def _written(settings: Settings, plan: Town) -> None:
    password_hash = await Passwords(FULL, line=None).hashed(plan.text.password)
    desk = Desk(open_database(settings.database))
    desk.start()
    try:
        await fill(desk, plan, password_hash)
    finally:
        await desk.stop()
