"""The log: one JSON object a line on stderr, without a word of what people wrote."""

import logging
import sys
import traceback
from types import TracebackType

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

log = structlog.get_logger()


def configure() -> None:
    """Make every structlog logger of this process write so."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _bare_exception,
            structlog.processors.JSONRenderer(serializer=_encoded),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_Forward()], level=logging.WARNING)


class _Forward(logging.Handler):
    """Lets libraries write into the same log."""

    def emit(self, record: logging.LogRecord) -> None:
        # The first line says what happened; asyncio and others go on with what an exception said.
        told = record.getMessage().partition("\n")[0]
        error = record.exc_info[1] if record.exc_info else None
        write = log.error if record.levelno >= logging.ERROR else log.warning
        write("library", library=record.name, told=told, exc_info=error)


def _bare_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The exception as its type and the places it passed: its text may quote a message or a secret."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = _type_name(error)
        event["at"] = _places(error.__traceback__)
        if error.__cause__ is not None:
            event["cause"] = _type_name(error.__cause__)
    return event


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}"


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _encoded(event: EventDict, **_: object) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()
