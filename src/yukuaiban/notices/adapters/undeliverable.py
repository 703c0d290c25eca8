"""Why a message could not leave now."""


class Undeliverable(Exception):  # noqa: N818 - named by what happened
    """The channel did not take the message; it is tried again later."""
