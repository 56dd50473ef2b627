"""Shopbell, the customer-chat desk of a local business."""

__version__ = "0.1.0"
