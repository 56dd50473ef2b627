"""Forms: taken from our own pages only, read into a struct, and shown again with what was typed and what is wrong."""

import hmac
import types
from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec
from litestar.datastructures import Cookie

from shopbell.kernel import ids
from shopbell.kernel.errors import Forbidden, Invalid, Malformed, Refusal
from shopbell.kernel.http import ApiRequest, invalid, is_own_origin
from shopbell.signin.actors import Side
from shopbell.signin.cookies import session_cookie
from shopbell.signin.policy import Policy
from shopbell.web.texts import gettext as _

MEDIA_TYPE = "application/x-www-form-urlencoded"
TOKEN_FIELD = "form_token"
MOST_FIELDS = 50

T = TypeVar("T", bound=msgspec.Struct)


class NotAForm(Refusal):
    status = 415
    code = "not_a_form"
    title = f"Send the form as {MEDIA_TYPE}."


class Form(msgspec.Struct, Generic[T], frozen=True):
    """A form as it is drawn: what was typed, and what is wrong, by field; `problem` belongs to no one field.

    A struct says by its `REMEDIES` what to do about a field that does not match its pattern.
    """

    kind: type[T]
    typed: Mapping[str, str] = {}
    errors: Mapping[str, str] = {}
    problem: str = ""
    status: int = 200
    headers: Mapping[str, str] = {}

    def checked(self) -> T:
        """What was typed as the struct. Raises Invalid that names every field that is wrong."""
        found: dict[str, Any] = {}
        wrong = []
        words = getattr(self.kind, "REMEDIES", {})
        for field in msgspec.structs.fields(self.kind):
            if not self.typed.get(field.name) and (not field.required or _may_be_empty(field.type)):
                continue
            typed = self.typed.get(field.name, "")
            try:
                found[field.name] = msgspec.convert(typed, field.type)
            except msgspec.ValidationError as error:
                said = _in_words(str(error)) if typed else _("Fill this in.")
                said = said or words.get(field.name) or _("This can't be read.")
                wrong.append({"field": field.name, "detail": said})
        if wrong:
            refusal = Invalid(wrong[0]["field"], wrong[0]["detail"])
            refusal.extra["errors"] = wrong
            raise refusal
        return self.kind(**found)

    def refused(self, refusal: Refusal, *, beside: Mapping[str, str] | None = None) -> "Form[T]":
        """The form with the refusal in it; `beside` names the field that a refusal of that code belongs to."""
        names = {field.name for field in msgspec.structs.fields(self.kind)}
        errors: dict[str, str] = {}
        problem = ""
        for line in refusal.extra.get("errors", []):
            name = line["field"].rpartition(".")[2]
            if name in names:
                errors.setdefault(name, line["detail"])
        if not errors:
            said = refusal.detail or refusal.title
            at = (beside or {}).get(refusal.code)
            if at:
                errors[at] = said
            else:
                problem = said
        again = refusal.extra.get("retry_after")
        headers = {} if again is None else {"Retry-After": str(again)}
        return msgspec.structs.replace(self, errors=errors, problem=problem, status=refusal.status, headers=headers)


def blank(kind: type[T], **typed: str) -> Form[T]:
    """The form before anybody typed, or with what stands in it to begin with."""
    return Form(kind, typed)


async def read(request: ApiRequest, policy: Policy, kind: type[T], place: str = "") -> Form[T]:
    """The form as it was sent from a page of that place.

    Raises Forbidden for one that no page of this browser's own sent, or one of another place; and Malformed.
    """
    _check_sender(request, policy)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise NotAForm
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except (UnicodeDecodeError, ValueError):
        raise Malformed(_("The form could not be read.")) from None
    typed = dict(pairs)
    expected, sent = token(request, policy, place), typed.pop(TOKEN_FIELD, "")
    if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise Forbidden(
            _("This page is out of date. Go back, load it again, and send it once more."), code="stale_form"
        )
    if len(typed) + 1 != len(pairs) or not typed.keys() <= {field.name for field in msgspec.structs.fields(kind)}:
        raise Malformed(_("The form has fields it should not have."))
    return Form(kind, typed)


def _check_sender(request: ApiRequest, policy: Policy) -> None:
    """Raise Forbidden unless a page of ours sent this, by what no script can forge: the Origin and Fetch Metadata."""
    headers = request.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin in (None, "null"):
        # A page whose referrer is withheld says no origin; then the browser's own word counts.
        ours = site == "same-origin"
    else:
        ours = site in (None, "same-origin") and is_own_origin(origin, headers.get("host"), policy.base_url)
    if not ours:
        raise Forbidden(_("This form did not come from a page of this site."), code="foreign_origin")


def token(request: ApiRequest, policy: Policy, place: str = "") -> str:
    """What a form sent by this browser carries: known to nobody who can't read its cookies, or our pages.

    It is made from the session, so it ends with it; before sign-in from a cookie of its own. `place` is the business
    whose page it is: a form that was opened before somebody switched is not sent to the other one.
    """
    bound = _session(request, policy) or request.cookies.get(cookie_name(policy), "")
    return ids.hashed(f"form {bound} {place}") if bound else ""


def prepared(request: ApiRequest, policy: Policy) -> tuple[str, list[Cookie]]:
    """The token for a page with a form, and the cookie to set where there is nothing yet to bind it to."""
    if found := token(request, policy):
        return found, []
    secret = ids.token()
    cookie = Cookie(
        key=cookie_name(policy), value=secret, path="/", secure=policy.secure_cookies, httponly=True, samesite="lax"
    )
    return ids.hashed(f"form {secret} "), [cookie]


def cookie_name(policy: Policy) -> str:
    return "__Host-shopbell-form" if policy.secure_cookies else "shopbell-form"


def _session(request: ApiRequest, policy: Policy) -> str:
    found = session_cookie(policy, request.headers.get("cookie", ""), Side.STAFF)
    return found[1] if found else ""


def _may_be_empty(kind: Any) -> bool:
    """Whether None is a value of the type: an empty field then means that."""
    if get_origin(kind) is Annotated:
        return _may_be_empty(get_args(kind)[0])
    return get_origin(kind) in (Union, types.UnionType) and types.NoneType in get_args(kind)


def _in_words(message: str) -> str:
    """What the decoder says of a field, as one says it to whoever typed there; empty where only the field knows."""
    said = str(invalid(message).extra["errors"][0]["detail"])
    if "length >= 1." in said or "blank" in said:
        return _("Fill this in.")
    if "length >=" in said:
        return _("Use at least %(num)s characters.") % {"num": said.split(">=")[1].strip(" .")}
    if "length <=" in said:
        return _("Use at most %(num)s characters.") % {"num": said.split("<=")[1].strip(" .")}
    if "e-mail" in said:
        return _("Must be an e-mail address, such as ada@example.org.")
    if "enum" in said:
        return _("Choose one.")
    return "" if "regex" in said else said
