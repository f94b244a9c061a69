"""A child process that does what its first argument's environment says."""

import os
import sys
import time

how = os.environ.get("FAILING_CHILD", "crash")
if how == "hang":
    time.sleep(60)
if how == "grow":
    held = bytearray(1 << 29)
    time.sleep(60)
if how == "lie":
    sys.stdout.write("{}")
    sys.exit(0)
os.abort()
