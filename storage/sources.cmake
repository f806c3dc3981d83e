set(sources)
# What both halves say, then the log half.
list(APPEND sources work.cpp)
# The state half.
list(APPEND sources apply.cpp block.cpp dedupe_ring.cpp head.cpp journal.cpp
                    memory_tables.cpp)
