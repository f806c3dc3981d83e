set(sources flush_queue.cpp host.cpp raft_host.cpp recorder.cpp slot_table.cpp)
list(APPEND sources raft/core.cpp raft/log.cpp)
