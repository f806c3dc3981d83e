set(sources small_node.cpp replica_test.cpp golden_data_test.cpp)
