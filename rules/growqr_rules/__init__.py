"""growqr_rules."""
