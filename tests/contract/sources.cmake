set(sources same_state.cpp store_twin_test.cpp)
