"""The command line: one small file per command."""


def main() -> None:
    """Run the command line."""
