set(sources applier_test.cpp apply_test.cpp cut_scheduler_test.cpp
            dedupe_ring_test.cpp store_format_test.cpp)
list(APPEND sources log_store_test.cpp)
