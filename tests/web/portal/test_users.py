"""Users, by pages alone: taking somebody on, the mail for a password, roles, leaving, and the last Owner."""

import secrets
from collections.abc import Callable

import pytest

from tests.faults.town import PASSWORD, Actor
from tests.shop import Shop, small
from tests.web.portal.visitor import Page, Visitor

pytestmark = pytest.mark.anyio

Visit = Callable[[Actor], Visitor]
NEW = {"role": "manager", "first_name": "Nia", "last_name": "Newcomer", "mobile": "+358 40 123 4567"}


async def added(shop: Shop, owner: Visitor, **other: str) -> tuple[Page, str]:
    """The page of somebody just taken on, and their address."""
    email = f"n{secrets.token_hex(4)}@new.example"
    page = owner.send(owner.get("/portal/users/new"), "/portal/users/new", {**NEW, "email": email, **other})
    assert page.status == 200, page.text
    return page, email


async def test_a_newcomer_is_added_mailed_and_comes_in(shop: Shop, visit: Visit, visitor: Visitor) -> None:
    owner = visit(shop.owner)
    page, email = await added(shop, owner)
    assert page.heading == "Nia Newcomer"
    assert "is on your team" in page.text
    assert "No password yet" in page.text
    page = owner.send(page, f"{page.path}/invitation")
    assert "on its way" in page.text
    token = await shop.town.mailed_token(email)
    again = owner.send(page, f"{page.path}/invitation")
    assert "on its way" in again.text
    await shop.town.mailed_token(email)
    form = visitor.get(f"/password?token={token}")
    assert visitor.send(form, "/password", {"password": PASSWORD}).path == "/sign-in"
    assert visitor.sign_in(email, PASSWORD).path == "/portal"
    page = owner.get(page.path)
    assert "No password yet" not in page.text
    assert "Active" in page.text


async def test_who_works_here_already_is_said_beside_the_address(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    typed = {**NEW, "email": shop.ann.email.upper()}
    page = owner.send(owner.get("/portal/users/new"), "/portal/users/new", typed)
    form = page.form("/portal/users/new")
    assert (page.status, form.wrong) == (409, {"email"})
    assert form.fields["first_name"] == "Nia"


async def test_a_mobile_number_may_be_left_out_and_a_role_may_not(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    await added(shop, owner, mobile="")
    page = owner.get("/portal/users/new")
    fields = page.form("/portal/users/new").fields
    for role in ("", "king"):
        answer = owner.post("/portal/users/new", {**fields, **NEW, "email": "x@new.example", "role": role})
        assert answer.status == 422
        assert "Choose one." in answer.text or "Fill this in." in answer.text


async def test_a_role_is_changed_and_holds_at_once(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    colleague = await shop.town.hired(shop.owner, "manager")
    one = visit(colleague)
    assert one.get("/portal/users").status == 200
    path = f"/portal/users/{colleague.id}"
    page = owner.send(owner.get(path), f"{path}/role", {"role": "agent"})
    assert page.path == path
    assert "is now Agent" in page.text
    assert one.get("/portal/users").status == 403


async def test_who_is_deactivated_is_out_until_activated_again(shop: Shop, visit: Visit, visitor: Visitor) -> None:
    owner = visit(shop.owner)
    colleague = await shop.town.hired(shop.owner, "agent")
    one = visit(colleague)
    path = f"/portal/users/{colleague.id}"
    page = owner.send(owner.get(path), f"{path}/standing")
    assert "can't sign in here any more" in page.text
    assert "Deactivated" in page.text
    assert f"{path}/invitation" not in [form.action for form in page.forms]
    assert one.get("/portal").path.startswith("/sign-in")
    refused = visitor.sign_in(colleague.email, PASSWORD)
    assert refused.status == 403
    assert "works for no business" in refused.text
    page = owner.send(page, f"{path}/standing")
    assert "may work here again" in page.text
    assert visitor.sign_in(colleague.email, PASSWORD).path == "/portal"


async def test_the_last_owner_stays_and_the_page_says_why(shop: Shop, visit: Visit) -> None:
    corner = await small(shop)
    owner = visit(corner.owner)
    path = f"/portal/users/{corner.owner.id}"
    for action, values in ((f"{path}/role", {"role": "agent"}), (f"{path}/standing", {"standing": "deactivated"})):
        page = owner.send(owner.get(path), action, values)
        assert page.status == 409
        assert page.heading == corner.owner.name
        assert "keeps at least one active Owner" in page.text
    assert owner.get(path).form(f"{path}/role").fields["role"] == "owner"


async def test_only_an_owner_changes_who_works_here(shop: Shop, visit: Visit) -> None:
    manager, owner = visit(shop.manager), visit(shop.owner)
    path = f"/portal/users/{shop.bob.id}"
    page = manager.get(path)
    assert not [form for form in page.forms if form.action.startswith(path)]
    assert "/portal/users/new" not in manager.get("/portal/users").links
    proof = {"form_token": page.form("/sign-out").fields["form_token"]}
    for action, values in (
        ("/portal/users/new", {**NEW, "email": "x@new.example"}),
        (f"{path}/role", {"role": "owner"}),
        (f"{path}/standing", {"standing": "deactivated"}),
        (f"{path}/invitation", {}),
    ):
        assert manager.post(action, {**values, **proof}).status == 403
    assert owner.get(path).form(f"{path}/role").fields["role"] == "agent"


async def test_another_shops_staff_are_as_unknown_as_nobody(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    stranger = (await shop.town.owner()).id
    proof = {"form_token": owner.get("/portal").form("/sign-out").fields["form_token"]}
    for staff_id in (stranger, "0" * 32, "x"):
        path = f"/portal/users/{staff_id}"
        assert owner.get(path).status == 404
        for action, values in (
            ("role", {"role": "agent"}),
            ("standing", {"standing": "deactivated"}),
            ("invitation", {}),
        ):
            assert owner.post(f"{path}/{action}", {**values, **proof}).status == 404


async def test_who_left_gets_no_invitation(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    colleague = await shop.town.hired(shop.owner, "agent")
    path = f"/portal/users/{colleague.id}"
    before = owner.get(path)
    await shop.done(shop.owner, "PUT", f"/staff/{colleague.id}", {"active": False})
    page = owner.send(before, f"{path}/invitation")
    assert page.status == 409
    assert "make them active first" in page.text
