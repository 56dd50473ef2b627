"""`shopbell replay`: the command line of a play."""

import asyncio
import sys
from pathlib import Path

import click
import uvloop

from shopbell.replay import dialogues, report
from shopbell.replay.bar import drawn
from shopbell.replay.cast import Credentials, Uncast
from shopbell.replay.dialogues import Script, Unreadable
from shopbell.replay.live import Unwelcome
from shopbell.replay.play import play
from shopbell.replay.progress import Progress
from shopbell.replay.report import Report
from shopbell.replay.rest import Away, Refused
from shopbell.replay.settings import Settings

STOPS = (Away, Refused, Uncast, Unwelcome)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--at",
    "url",
    metavar="URL",
    default="http://127.0.0.1:8000",
    show_default=True,
    envvar="SHOPBELL_BASE_URL",
    help="The server to play at.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="Times the recorded speed.",
)
@click.option("--parallel", type=click.IntRange(min=1), default=10, show_default=True, help="Lanes, one person each.")
@click.option(
    "--agents",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="Staff connections that serve the lanes.",
)
@click.option("--first", type=click.IntRange(min=1), help="Play only so many dialogues.")
@click.option(
    "--rest-share",
    type=click.FloatRange(0, 1),
    default=0.1,
    show_default=True,
    help="Share of the customers' lines sent as requests, not over the socket.",
)
@click.option(
    "--patience",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    help="Seconds the server may stay away.",
)
@click.option("--business-email", help="Play in the business of this staff login instead of a new one.")
@click.option("--password", envvar="SHOPBELL_REPLAY_PASSWORD", help="The password of that login.")
@click.option(
    "--mail",
    type=click.Path(file_okay=False, path_type=Path),
    help="The server's mail folder: hire real agents by the invitations found there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def replay(
    file: Path,
    url: str,
    speed: float,
    parallel: int,
    agents: int,
    first: int | None,
    rest_share: float,
    patience: float,
    business_email: str | None,
    password: str | None,
    mail: Path | None,
    as_json: bool,
) -> None:
    """Play recorded dialogues as live customers and agents, and report what became of every message.

    FILE has one dialogue a line, plain or gzipped: {"id", "turns": [["c" or "a", seconds, text], ...]}.
    Ends with status 1 when a message was lost, doubled, reordered or altered, or a counter was wrong.
    """
    settings = Settings(
        file=file.name,
        at=url,
        speed=speed,
        lanes=parallel,
        agents=agents,
        rest_share=rest_share,
        patience=patience,
        staff=_staff(business_email, password),
        mail=mail,
    )
    try:
        script = dialogues.read(file, first=first)
    except (Unreadable, OSError) as error:
        raise click.ClickException(str(error)) from error
    if not script.dialogues:
        raise click.ClickException(f"{file} holds no dialogue that can be played.")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            found = runner.run(_watched(script, settings))
        except (ExceptionGroup, *STOPS) as stopped:
            raise click.ClickException(_reason(stopped)) from stopped
    click.echo(report.as_json(found) if as_json else report.as_text(found))
    if not found.clean:
        sys.exit(1)


def _staff(email: str | None, password: str | None) -> Credentials | None:
    if email is None:
        return None
    if password is None:
        raise click.UsageError("--business-email needs --password.")
    return Credentials(email, password)


async def _watched(script: Script, settings: Settings) -> Report:
    progress = Progress(script.turns)
    async with drawn(progress):
        return await play(script, settings, progress)


def _reason(stopped: Exception) -> str:
    """What to tell people; a failure that nobody foresaw is raised as it came."""
    while isinstance(stopped, ExceptionGroup):
        stopped = stopped.exceptions[0]
    if isinstance(stopped, STOPS):
        return str(stopped)
    raise stopped
