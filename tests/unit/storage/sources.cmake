set(sources dedupe_ring_test.cpp store_format_test.cpp)
