#!/bin/sh
# Whether this user may mount a file system of its own; tests/expected_skips.txt asks too.
exec unshare --mount --propagation private sh -c 'mount -t tmpfs -o size=1m tarn /mnt' 2>/dev/null
