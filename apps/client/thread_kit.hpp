#pragma once

#include "messages/bytes.hpp"
#include "messages/wire/crypto.hpp"

#include <boost/asio/io_context.hpp>

#include <string>

namespace jindou::client {

/// What all connections of one thread share: its loop, the buffer that every
/// read goes to (so that idle connections hold none), and one cipher.
struct thread_kit {
  static constexpr std::size_t read_bytes = 256 << 10;

  boost::asio::io_context io{1};
  byte_vector read_buffer = byte_vector(read_bytes);
  byte_vector plain;
  byte_vector ciphertext;
  wire::cipher cipher;
};

} // namespace jindou::client
