"""Why a message could not leave now."""


class Undeliverable(Exception):
    """The channel did not take the message; it is tried again later."""
