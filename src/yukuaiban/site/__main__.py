"""`python -m yukuaiban.site`: the console script without its installed name."""

from yukuaiban.site.cli import main

main()
