#pragma once

#include "apps/vectors/report.hpp"
#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

/// Compares the codec with a file of vectors of the form of
/// tests/golden/golden-vectors.json: every frame is encoded and decoded, every
/// text and key made anew. A section that is missing is not checked.
namespace jindou::vectors {

/// Checks all sections of a file.
/// Errors: why it is no file of vectors.
result<report, std::string> check_file(std::string_view text);

/// The sections, each in a file of its own.
void check_frames(const nlohmann::json& list, report& to);
void check_streams(const nlohmann::json& list, report& to);
void check_malformed(const nlohmann::json& list, report& to);
void check_quirks(const nlohmann::json& list, report& to);
void check_crypto(const nlohmann::json& list, report& to);
void check_derived(const nlohmann::json& lists, report& to);
void check_jsonrpc(const nlohmann::json& list, report& to);

/// Returns "section/name" of the vector at `place`.
std::string label(std::string_view section, const nlohmann::json& item,
                  std::size_t place);

} // namespace jindou::vectors
