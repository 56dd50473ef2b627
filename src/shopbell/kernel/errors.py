"""Refusals: every "no" the product says, each with a status, a stable code and what to do about it."""

from typing import Any


class Refusal(Exception):
    """A command or request that is refused; nothing of it was stored, but for StorageUnsettled.

    `status` is an HTTP status, `code` a stable word for programs, `title` one line for people, `detail`
    what to do about it, `extra` further members of the problem document (RFC 9457).
    """

    status = 400
    code = "refused"
    title = "The request was refused."

    def __init__(self, detail: str = "", *, code: str = "", **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.code = code or self.code
        self.extra = extra

    def problem(self) -> dict[str, Any]:
        """The refusal as a problem document."""
        return {
            "type": f"/problems/{self.code}",
            "code": self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail or self.title,
            **self.extra,
        }


class Invalid(Refusal):
    """A value outside its bounds; `field` names it."""

    status = 422
    code = "invalid"
    title = "A value is outside its bounds."

    def __init__(self, field: str, detail: str, *, code: str = "") -> None:
        super().__init__(detail, code=code, errors=[{"field": field, "detail": detail}])


class Malformed(Refusal):
    status = 400
    code = "malformed"
    title = "The request could not be read."


class Unauthenticated(Refusal):
    status = 401
    code = "unauthenticated"
    title = "Sign in first."


class Forbidden(Refusal):
    status = 403
    code = "forbidden"
    title = "You may not do this."


class NotFound(Refusal):
    """Equal for what does not exist and for what belongs to somebody else, so that ids tell nothing."""

    status = 404
    code = "not_found"
    title = "There is no such thing here."


class Conflict(Refusal):
    status = 409
    code = "conflict"
    title = "The state has moved on."


class OtherLogin(Refusal):
    """Who asks is not who the asking page was made for: another login of this browser has signed in meanwhile."""

    status = 412
    code = "other_login"
    title = "Somebody else is signed in here now. Load the page again."


class TooMany(Refusal):
    """Too many requests; `retry_after` is in whole seconds."""

    status = 429
    code = "too_many"
    title = "Too many requests."

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)


class StorageFull(Refusal):
    status = 507
    code = "storage_full"
    title = "The disk is full; nothing was stored. Free some space and try again."


class StorageAway(Refusal):
    """The database can't be asked now."""

    status = 503

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, retry_after=2)


class StorageDown(StorageAway):
    code = "storage_down"
    title = "The database can't be reached; nothing was stored. Try again in a moment."


class StorageUnsettled(StorageAway):
    """Unlike with any other refusal, it may be stored: who asks again finds out, where asking twice does no harm."""

    code = "storage_unsettled"
    title = "The database went away just then; whether this was stored can't be said yet. Look before you try again."


class Stopping(Refusal):
    status = 503
    code = "stopping"
    title = "The server is restarting. Try again in a moment."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, retry_after=2)
