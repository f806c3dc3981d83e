set(sources bytes_test.cpp channel_id_test.cpp delivery_test.cpp errc_test.cpp
            hash_test.cpp lease_test.cpp metrics_test.cpp result_test.cpp)
list(APPEND sources wire/codec_test.cpp wire/codec_property_test.cpp
                    wire/crypto_test.cpp wire/golden_test.cpp
                    wire/jsonrpc_test.cpp wire/reason_test.cpp)
# The checks that the program jindou-vectors is made of.
foreach(part check_crypto check_frames check_quirks check_texts frame_fields
             json_fields vector_check)
  list(APPEND sources ../../../apps/vectors/${part}.cpp)
endforeach()
list(APPEND sources command_test.cpp record_test.cpp)
