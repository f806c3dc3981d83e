set(sources brokers_test.cpp
            histogram_test.cpp figure_test.cpp words_test.cpp)
list(APPEND sources banner_test.cpp manager_token_test.cpp told_address_test.cpp im_connection_test.cpp pairs_test.cpp history_test.cpp)
