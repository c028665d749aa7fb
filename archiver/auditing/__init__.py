"""What an audit does beyond checking: shares, progress that outlives a kill, what was covered, and repairs."""
