set(sources bytes_test.cpp channel_id_test.cpp delivery_test.cpp errc_test.cpp
            hash_test.cpp lease_test.cpp result_test.cpp)
list(APPEND sources wire/codec_test.cpp wire/crypto_test.cpp wire/jsonrpc_test.cpp)
list(APPEND sources command_test.cpp record_test.cpp)
