"""The command line: `shopbell serve | migrate | demo | replay`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path

import click

import shopbell
from shopbell import migrations
from shopbell.kernel.lock import DirectoryLock, Taken
from shopbell.migrations import TablesInUse
from shopbell.settings import BadSettings, CannotServe, from_environment

# Loaded only when asked for, so that serving carries nothing of the others.
ELSEWHERE = {"demo": "shopbell.demo.command", "replay": "shopbell.replay.command"}


class Commands(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return [*super().list_commands(context), *ELSEWHERE]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in ELSEWHERE:
            command: click.Command = getattr(import_module(ELSEWHERE[name]), name)
            return command
        return super().get_command(context, name)


data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory everything is kept in [SHOPBELL_DATA].",
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(shopbell.__version__, message="shopbell %(version)s")
def main() -> None:
    """Shopbell, the customer-chat desk of a local business."""


@main.command()
@click.option("--host", help="The address to listen on [SHOPBELL_HOST].")
@click.option("--port", type=click.IntRange(0, 65_535), help="The port; 0 picks a free one [SHOPBELL_PORT].")
@data_option
@click.option("--base-url", metavar="URL", help="Where people reach this server [SHOPBELL_BASE_URL].")
def serve(host: str | None, port: int | None, data: Path | None, base_url: str | None) -> None:
    """Serve until stopped, and print one line with the address once it can be reached."""
    with told_plainly():
        # Loaded here, so that the other commands and --help do not wait for a web server.
        from shopbell import serving  # noqa: PLC0415

        serving.serve(from_environment(os.environ, host=host, port=port, data=data, base_url=base_url))


@main.command()
@data_option
@click.option("--lock/--no-lock", default=True, hidden=True)
def migrate(data: Path | None, lock: bool) -> None:
    """Bring the database to this version; serving does so by itself."""
    with told_plainly():
        settings = from_environment(os.environ, data=data)
        # A server that starts this holds the directory already.
        with DirectoryLock(settings.data) if lock else nullcontext():
            migrations.migrate(settings.database)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what people can put right themselves into one line, without a trace."""
    try:
        yield
    except (BadSettings, Taken, CannotServe, TablesInUse) as error:
        raise click.ClickException(str(error)) from error
