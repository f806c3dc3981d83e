set(sources coalescing_actor_test.cpp core_test.cpp core_random_test.cpp host_test.cpp
            host_random_test.cpp raft_host_test.cpp slot_table_test.cpp)
