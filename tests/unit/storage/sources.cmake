set(sources apply_test.cpp dedupe_ring_test.cpp store_format_test.cpp)
list(APPEND sources log_store_test.cpp)
