"""What must hold whatever happens: tried with steps nobody would think of, on both databases."""
