"""The one exception of set-up: says what failed and what to do about it."""


class SetupError(Exception):
    def __init__(self, what, advice, output=""):
        tail = "\n".join(output.strip().splitlines()[-25:])
        parts = [tail, f"setup: {what}", f"What to do: {advice}"]
        super().__init__("\n".join(part for part in parts if part))
