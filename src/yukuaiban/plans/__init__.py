"""The yearly plan: so far the reader that turns a published text into undertakings, owners, dates and targets."""
