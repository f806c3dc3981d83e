set(sources errc_test.cpp)
