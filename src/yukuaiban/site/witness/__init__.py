"""A second office's watch over the journal (journal.md section 8). Needs no database and no Django."""
