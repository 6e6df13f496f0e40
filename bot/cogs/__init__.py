"""What members and moderators can do, one module for each area."""
