"""growqr_workflows."""
