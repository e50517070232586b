"""growqr_router."""
