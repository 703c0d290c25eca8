"""Backup and restore: one archive of database and uploads, and the way back (reliability.md section 6)."""
