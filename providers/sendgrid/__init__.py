"""SendGrid: its client, and one file per resource."""
