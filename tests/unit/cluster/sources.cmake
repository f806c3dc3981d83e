set(sources core_test.cpp core_random_test.cpp slot_table_test.cpp)
