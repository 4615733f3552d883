"""DNS of any host: what is there, what should be, and the text to hand to whoever keeps the zone."""
