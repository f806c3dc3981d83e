#pragma once

#include "messages/command.hpp"
#include "messages/record.hpp"
#include "tests/fuzz/target.hpp"

/// Good log records, and damaged ones whose crc is right all the same.
namespace jindou::fuzz {

/// One command of each kind.
std::vector<command::any> some_commands();

/// Makes a record of the bytes of a body.
byte_vector stamped(byte_span body, record::head h);

/// The body of the record that a command is.
byte_vector body_of(const command::any& x);

} // namespace jindou::fuzz
