set(sources)
# What both halves say, then the log half.
list(APPEND sources work.cpp)
# The state half.
list(APPEND sources block.cpp dedupe_ring.cpp head.cpp journal.cpp)
