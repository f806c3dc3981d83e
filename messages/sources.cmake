set(sources channel_id.cpp errc.cpp event.cpp metrics.cpp)
list(APPEND sources wire/base64.cpp wire/codec.cpp wire/crypto.cpp)
list(APPEND sources command.cpp record.cpp)
