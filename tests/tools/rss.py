#!/usr/bin/env python3
"""Runs a command and fails when its peak memory passes a limit.   rss.py MEGABYTES COMMAND..."""
import resource
import subprocess
import sys

run = subprocess.run(sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"count: peak {peak:.1f} MB of {sys.argv[1]} MB: {' '.join(sys.argv[2:5])}", file=sys.stderr)
sys.exit(run.returncode or peak > float(sys.argv[1]))
