"""``python -m archiver``: the same program."""

from importlib import import_module

if __name__ == "__main__":
    import_module("cli").main()
