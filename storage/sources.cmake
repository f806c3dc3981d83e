set(sources)
# What both halves say, then the log half.
list(APPEND sources work.cpp)
