"""Pages of the plan room: one module a group of pages."""
