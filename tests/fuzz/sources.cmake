# The targets, then what each half of the build needs beside them.
set(targets
    addresses apply_log blocks config crypto frame_stream frames http_body
    http_head http_query journal json_frames json_stream json_text log_tail
    proxy records rows websocket_request websocket_stream)
set(sources golden.cpp log_records.cpp)
foreach(target ${targets})
  list(APPEND sources ${target}.cpp)
endforeach()

# Sources of the rooms that decode: no actor, no socket.
set(decoders
    actors/gateway/address_list.cpp actors/gateway/inbox.cpp
    actors/gateway/json_inbox.cpp actors/gateway/proxy_header.cpp
    actors/gateway/websocket_framing.cpp
    actors/gateway/websocket_handshake.cpp actors/http/conversations.cpp
    actors/http/history_page.cpp actors/http/json_body.cpp
    actors/http/message_json.cpp actors/http/orders.cpp
    actors/http/outgoing.cpp actors/http/query.cpp
    actors/http/request_head.cpp actors/http/requests.cpp)
list(APPEND decoders
     configs/address.cpp configs/ini_reader.cpp configs/manual.cpp
     configs/nearest.cpp configs/option_table.cpp configs/options.cpp
     configs/strict_load.cpp configs/value.cpp)
list(APPEND decoders
     messages/channel_id.cpp messages/command.cpp messages/errc.cpp
     messages/record.cpp messages/wire/base64.cpp messages/wire/codec.cpp
     messages/wire/crypto.cpp messages/wire/json_text.cpp
     messages/wire/jsonrpc_decode.cpp messages/wire/jsonrpc_encode.cpp
     messages/wire/jsonrpc_fields.cpp messages/wire/jsonrpc_params.cpp
     messages/wire/jsonrpc_scanner.cpp)
list(APPEND decoders
     storage/apply.cpp storage/apply_records.cpp storage/block.cpp
     storage/dedupe_ring.cpp storage/head.cpp storage/journal.cpp
     storage/memory_tables.cpp storage/sqlite.cpp storage/tail_scan.cpp
     storage/work.cpp)

# test_fuzz links whole rooms where they are built anyway; under the sanitizers
# only these two are.
if(NOT JINDOU_FUZZ)
  list(APPEND sources seeds_test.cpp)
  if(JINDOU_SANITIZE)
    set(others ${decoders})
    list(FILTER others INCLUDE REGEX "^(configs|storage)/")
    list(TRANSFORM others PREPEND ../../)
    list(APPEND sources ${others})
  endif()
endif()
