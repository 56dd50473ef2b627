"""The lifelong thread between one person and one business."""
