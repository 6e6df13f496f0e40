"""`python -m bot` is `koredare`.

A worker process imports this module again before it begins: what is heavy stays inside the function.
"""


def main() -> None:
    """Run the command line."""
    from bot.shell import commands  # noqa: PLC0415

    commands.main()


if __name__ == "__main__":
    main()
