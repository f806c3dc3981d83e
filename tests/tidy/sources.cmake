set(sources
    documents_test.cpp
    options_test.cpp
    rooms_test.cpp
    size_test.cpp
    source_tree.cpp
    words_test.cpp)
