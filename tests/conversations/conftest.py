"""A staffed shop on a server of this module alone."""

from tests.shop import shop, shop_server

__all__ = ["shop", "shop_server"]
