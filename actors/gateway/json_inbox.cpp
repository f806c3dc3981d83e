#include "actors/gateway/json_inbox.hpp"

#include "messages/limits.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace jindou::actors {

namespace jsonrpc = wire::jsonrpc;

namespace {

constexpr std::string_view white_space{" \t\r\n"};

bool is_blank(byte_span bytes) {
  return as_text(bytes).find_first_not_of(white_space)
         == std::string_view::npos;
}

/// Bytes that live as long as `owner`; nobody looks at the bytes themselves.
shared_bytes held_by(const std::shared_ptr<const void>& owner) {
  return {owner, nullptr, 0};
}

} // namespace

// -- open requests ------------------------------------------------------------

void open_requests::add(open_request x) {
  if (x.number != 0)
    numbered_[x.number] = std::move(x.id);
  else
    others_.push_back(std::move(x.id));
}

std::string open_requests::take(std::uint32_t number) {
  std::string id;
  if (number == 0) {
    if (!others_.empty()) {
      id = std::move(others_.front());
      others_.pop_front();
    }
  } else if (auto at = numbered_.find(number); at != numbered_.end()) {
    id = std::move(at->second);
    numbered_.erase(at);
  }
  return id;
}

// -- the first request --------------------------------------------------------

json_inbox::first_request json_inbox::cut_connect(byte_span input) {
  first_request res;
  auto x = scanner_.cut(input);
  if (std::holds_alternative<wire::need_more>(x))
    return res;
  res.verdict = errc::malformed;
  auto* text = std::get_if<jsonrpc::object>(&x);
  if (text == nullptr)
    return res;
  auto read = jsonrpc::decode(text->text);
  if (!read || read->id.size() > request_id_bytes_max)
    return res;
  auto* connect = std::get_if<wire::connect_frame>(&read->frame);
  if (connect == nullptr)
    return res;
  res.verdict = errc::none;
  res.connect = *connect;
  res.id = read->id;
  res.bytes = held_by(read->texts);
  res.taken = text->bytes;
  return res;
}

// -- the others ---------------------------------------------------------------

json_inbox::batch json_inbox::cut(byte_span input, std::size_t sends_max,
                                  std::size_t others_max) {
  batch res;
  bounds left{sends_max, others_max};
  auto full = [&] {
    return left.sends == 0
           || res.cut.frames + res.refused.size()
                >= limits::frames_per_batch_max;
  };
  while (res.cut.verdict == errc::none && !full()
         && cut_one(input.subspan(res.taken), left, res))
    continue;
  auto rest = input.subspan(res.taken);
  if (full()) {
    res.cut.more = !rest.empty();
  } else if (is_blank(rest)) { // blanks between texts need not wait
    res.taken = input.size();
    scanner_ = {};
  }
  if (!res.texts.empty())
    res.cut.bytes
      = held_by(std::make_shared<std::vector<std::shared_ptr<const void>>>(
        std::move(res.texts)));
  return res;
}

/// Cuts one text. False: more bytes are needed.
bool json_inbox::cut_one(byte_span input, bounds& left, batch& to) {
  auto x = scanner_.cut(input);
  if (auto* bad = std::get_if<jsonrpc::fault>(&x)) {
    to.taken += std::min(bad->bytes, input.size());
    if (bad->error == errc::too_large)
      to.cut.verdict = bad->error;
    to.refused.push_back({{},
                          bad->error == errc::too_large
                            ? "jsonrpc: text too long"
                            : "jsonrpc: a text must begin with {"});
    return true;
  }
  auto* text = std::get_if<jsonrpc::object>(&x);
  if (text == nullptr)
    return false;
  to.taken += text->bytes;
  auto read = jsonrpc::decode(text->text);
  if (!read)
    to.refused.push_back(read.error());
  else
    take(*std::move(read), left, to);
  if (!to.refused.empty() && to.refused.back().id.size() > request_id_bytes_max)
    to.refused.back().id.clear();
  return true;
}

/// Makes an event of a request, or refuses it.
void json_inbox::take(jsonrpc::request x, bounds& left, batch& to) {
  if (x.id.size() > request_id_bytes_max) {
    to.refused.push_back({{}, "jsonrpc: the id is too long"});
    return;
  }
  if (auto* send = std::get_if<wire::send_frame>(&x.frame)) {
    --left.sends;
    take_send(*send, std::move(x.id), to);
  } else if (auto* sub = std::get_if<wire::sub_frame>(&x.frame)) {
    --left.sends;
    take_sub(*sub, std::move(x.id), to);
  } else if (auto* ack = std::get_if<wire::recvack_frame>(&x.frame)) {
    to.cut.events.emplace_back(*ack);
  } else if (std::holds_alternative<wire::disconnect_frame>(x.frame)) {
    to.cut.verdict = errc::stopping;
  } else if (std::holds_alternative<wire::ping_frame>(x.frame)
             && left.others > 0) {
    --left.others;
    to.cut.events.emplace_back(wire::ping_frame{});
    to.requests.push_back({0, std::move(x.id)});
  } else {
    auto ping = std::holds_alternative<wire::ping_frame>(x.frame);
    to.refused.push_back({std::move(x.id), ping
                                             ? "jsonrpc: too many open pings"
                                             : "jsonrpc: already connected"});
    return;
  }
  ++to.cut.frames;
  to.texts.push_back(std::move(x.texts));
}

void json_inbox::take_send(wire::send_frame f, std::string id, batch& to) {
  f.client_seq = next_number();
  to.cut.events.emplace_back(f);
  ++to.cut.sends;
  to.requests.push_back({f.client_seq, std::move(id)});
}

void json_inbox::take_sub(const wire::sub_frame& f, std::string id, batch& to) {
  sub_request request{f, next_number()};
  to.cut.events.emplace_back(request);
  ++to.cut.sends;
  to.requests.push_back({request.number, std::move(id)});
}

std::uint32_t json_inbox::next_number() {
  if (++last_number_ == 0) // 0 numbers what is neither SEND nor SUB
    ++last_number_;
  return last_number_;
}

} // namespace jindou::actors
