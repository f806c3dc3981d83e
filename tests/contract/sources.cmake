set(sources same_state.cpp store_corrupt_test.cpp store_cut_fold_test.cpp
            store_kill9_test.cpp store_twin_test.cpp)
