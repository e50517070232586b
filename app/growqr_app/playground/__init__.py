"""The page that shows why a message was decided as it was."""
