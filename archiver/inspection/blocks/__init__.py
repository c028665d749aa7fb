"""Where in a file what stands: each container's structure, walked and never decoded.

The laws, for every format alike:

* A walker reads the file where it lies (an ``mmap``), never as a whole, and goes forward only: it takes as long as the
  file is long, whatever the file says. Steps and blocks are bounded; where a bound ends a walk, that is told.
* It never raises. What does not add up is told with its place (``Layout.unread``).
* A block's pieces lie within the file. Cut out and put together in their order, they are the block, byte for byte.
* Where the picture's own format ends is told only where the walker got there (``Layout.end``).
"""
