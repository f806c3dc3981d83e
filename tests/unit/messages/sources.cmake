set(sources errc_test.cpp wire/codec_test.cpp wire/crypto_test.cpp)
