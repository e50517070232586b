"""growqr_app."""
