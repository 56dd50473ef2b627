"""The kernel, by what it promises, on both databases."""
