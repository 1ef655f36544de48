"""The command line."""


def main() -> None:
    """Entry point of the `timer-app` command."""
