"""Amazon Route 53: its client, and one file per resource."""
