"""Route 53, on moto."""
