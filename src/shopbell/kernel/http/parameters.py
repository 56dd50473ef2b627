"""How a route names what it takes. Bounds of the query stand here: Litestar reads no msgspec.Meta there."""

from typing import Annotated, Literal, TypeAlias, TypeVar

from litestar.di import Dependency
from litestar.params import JSONBody, PathParameter, QueryParameter, SkipValidationMarker

from shopbell.kernel.http.fields import BIGGEST, NO_NUL

__all__ = ["AfterQuery", "Given", "JSONBody", "LimitQuery", "PathId", "SearchQuery", "SeqQuery", "SideQuery"]

T = TypeVar("T")

# Something of ours under its well-known name: `desk`, `door`, `settings`, or who asks, `staff` or `person`.
Given: TypeAlias = Annotated[T, Dependency(kind="named"), SkipValidationMarker()]
PathId = Annotated[str, PathParameter()]
LimitQuery = Annotated[int, QueryParameter(ge=1, le=100)]
SearchQuery = Annotated[str | None, QueryParameter(min_length=1, max_length=200, pattern=NO_NUL)]
AfterQuery = Annotated[str | None, QueryParameter(min_length=1, max_length=400, pattern=NO_NUL)]
# For what a browser fetches by itself, as pictures and downloads: it sends no header of ours.
SideQuery = Annotated[Literal["staff", "person"] | None, QueryParameter()]
SeqQuery = Annotated[int | None, QueryParameter(ge=0, le=BIGGEST)]
