"""`python -m shopbell`, the same as the command `shopbell`."""

from shopbell.cli import main

main(prog_name="shopbell")
