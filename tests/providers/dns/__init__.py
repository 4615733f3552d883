"""DNS: records, look-ups, zone files."""
