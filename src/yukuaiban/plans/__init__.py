"""The yearly plan: read from the published text, confirmed by two people, worked as tasks with owners and lights."""
