"""What routes are given by name, in turn: Litestar starts a task group for what could come at once."""

from collections.abc import Awaitable, Callable, Mapping
from inspect import Parameter, Signature
from typing import Annotated, Any

from litestar.di import Dependency, Provide
from litestar.params import SkipValidationMarker

from shopbell.kernel.http.requests import ApiRequest

A_THING: Any = Annotated[Any, Dependency(kind="named"), SkipValidationMarker()]
Asker = Callable[[ApiRequest], Awaitable[Any]]


def always(things: Mapping[str, Any]) -> dict[str, Provide]:
    """Things of the process, each waiting for the one named before it; those used most come first."""
    names = list(things)
    return {
        name: Provide(_after(_same(things[name]), names[at - 1 : at] if at else []), sync_to_thread=False)
        for at, name in enumerate(names)
    }


def for_request(askers: Mapping[str, Asker], *, after: str) -> dict[str, Provide]:
    """What is found out for each request, once the thing of that name is there."""
    return {name: Provide(_after(_asked(asker), [after], request=True)) for name, asker in askers.items()}


def _same(thing: Any) -> Callable[..., Any]:
    def provide(**_: Any) -> Any:
        return thing

    return provide


def _asked(asker: Asker) -> Callable[..., Any]:
    async def provide(request: ApiRequest, **_: Any) -> Any:
        return await asker(request)

    return provide


def _after(provide: Any, names: list[str], *, request: bool = False) -> Callable[..., Any]:
    """Let Litestar read a signature that asks for those names."""
    wanted: dict[str, Any] = {"request": ApiRequest} if request else {}
    wanted |= dict.fromkeys(names, A_THING)
    parameters = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in wanted.items()]
    provide.__signature__ = Signature(parameters, return_annotation=Any)
    provide.__annotations__ = {**wanted, "return": Any}
    typed: Callable[..., Any] = provide
    return typed
