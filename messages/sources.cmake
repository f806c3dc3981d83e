set(sources channel_id.cpp errc.cpp event.cpp metrics.cpp)
list(APPEND sources wire/base64.cpp wire/codec.cpp wire/crypto.cpp
                    wire/json_text.cpp wire/jsonrpc_decode.cpp wire/jsonrpc_encode.cpp
                    wire/jsonrpc_fields.cpp wire/jsonrpc_params.cpp wire/jsonrpc_scanner.cpp)
list(APPEND sources command.cpp record.cpp)
