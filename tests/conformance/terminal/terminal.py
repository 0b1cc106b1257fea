"""A program on a pseudo-terminal: type, and wait for what it shows."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

_ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>()][A-Z0-9]?")


class Terminal:
    """Leaves nothing running: use it in a `with`."""

    def __init__(self, words, environment, columns=100, rows=40):
        self._main, other = pty.openpty()
        self.resize(columns, rows)
        # Colour is what the test asks for, not what the console of the run has.
        inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        self._process = subprocess.Popen(
            [str(word) for word in words], stdin=other, stdout=other, stderr=other, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**inherited, "TERM": "xterm-256color", **environment})
        os.close(other)
        self.raw = b""
        self._seen = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        os.close(self._main)

    def resize(self, columns, rows=40):
        fcntl.ioctl(self._main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self._main, text.encode())

    @property
    def text(self):
        """All that was shown, without escape sequences."""
        return _ESCAPE.sub(b"", self.raw).decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "")

    def expect(self, wanted, timeout=20):
        """Waits for a text after what was expected before; returns what came up to and with it."""
        deadline = time.monotonic() + timeout
        while True:
            at = self.text.find(wanted, self._seen)
            if at >= 0:
                begin, self._seen = self._seen, at + len(wanted)
                return self.text[begin:self._seen]
            left = deadline - time.monotonic()
            assert left > 0, f"{wanted!r} did not come; there is {self.text[self._seen:]!r}"
            if not self._read(left):
                assert self.text.find(wanted, self._seen) >= 0, \
                    f"it ended without {wanted!r}; there is {self.text[self._seen:]!r}"

    def wait(self, timeout=20):
        """The exit code; what is still shown is read meanwhile."""
        deadline = time.monotonic() + timeout
        while self._process.poll() is None:
            assert time.monotonic() < deadline, f"it does not end; there is {self.text[self._seen:]!r}"
            self._read(0.1)
        while self._read(0.1):
            pass
        return self._process.returncode

    def _read(self, timeout):
        ready, _, _ = select.select([self._main], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self._main, 65536)
        except OSError:
            return False
        self.raw += data
        return bool(data)
