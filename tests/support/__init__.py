"""What several packages of tests stand on."""
