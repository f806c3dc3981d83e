#pragma once

// Every typed actor interface: the map of the system. Messages that hold
// shared blocks, replies or handles of this process are local and travel as
// shared pointers; between nodes only frames of bytes travel.

#include "messages/channel.hpp"
#include "messages/errc_caf.hpp"
#include "messages/history.hpp"
#include "messages/policy.hpp"
#include "messages/push.hpp"
#include "messages/raft_host.hpp"
#include "messages/reply.hpp"
#include "messages/store.hpp"
#include "messages/type_ids.hpp"
#include "messages/user.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <string>
#include <vector>

namespace jindou {

/// Ticks without data. At most 10 characters.
namespace atom {
using idle = caf::atom_constant<caf::atom("idle")>;
using tick = caf::atom_constant<caf::atom("tick")>;
using flush = caf::atom_constant<caf::atom("flush")>;
using status = caf::atom_constant<caf::atom("status")>;
} // namespace atom

/// Anything that can describe itself to the shell.
using status_actor = caf::typed_actor<
  // Says what it is, one "name value" per line.
  caf::replies_to<atom::status>::with<std::string>>;

/// Asks for the view of a user; `device_flag` < 0 asks for no device.
struct fetch_user {
  std::string uid;
  int device_flag = -1;
  reply_ptr<user_view> answer;
};
using fetch_user_ptr = std::shared_ptr<fetch_user>;

/// Asks for everything a CHANNEL keeps in memory.
struct fetch_channel {
  channel_key channel;
  reply_ptr<channel_view> answer;
};
using fetch_channel_ptr = std::shared_ptr<fetch_channel>;

/// Asks what the lists of the channel (`owner`, person) say of `sender`.
struct fetch_person {
  std::string owner;
  std::string sender;
  reply_ptr<person_view> answer;
};
using fetch_person_ptr = std::shared_ptr<fetch_person>;

using history_request_ptr = std::shared_ptr<history_request>;

/// Rows to be read by position, with what the applier knows of them.
struct read_rows {
  std::vector<position> positions;
  std::vector<message_seq> seqs;
  message_seq last_seq = 0;
  channel_key channel;
  reply_ptr<history> answer;
};
using read_rows_ptr = std::shared_ptr<read_rows>;

/// An event that failed twice and was set aside.
struct quarantine_row {
  std::string actor;
  event_type event = event_type::connect;
  std::string reason;
  byte_vector body;
};
using quarantine_row_ptr = std::shared_ptr<const quarantine_row>;

using flush_result_ptr = std::shared_ptr<const flush_result>;

namespace storage {
struct cut_work; // what the applier hands the log writer; see storage/
} // namespace storage
using cut_work_ptr = std::shared_ptr<const storage::cut_work>;

/// Carries out what the raft cores of its groups want. Detached.
using raft_host_actor = caf::typed_actor<
  // Gives commands their places in the log; answered by `applied_ptr`.
  caf::reacts_to<propose_ptr>,
  // Hears from the log writer what is durable.
  caf::reacts_to<flush_result_ptr>,
  // Hears from the applier how far it is.
  caf::reacts_to<applied_to>,
  // INTERNAL: works off everything that was queued before this message.
  caf::reacts_to<atom::flush>,
  // INTERNAL: logical time.
  caf::reacts_to<atom::tick>>
  // Conforms to the STATUS protocol.
  ::extend_with<status_actor>;

/// The share of one raft host in the next flush.
struct log_order {
  raft_host_actor from;
  log_batch batch;
};
using log_order_ptr = std::shared_ptr<const log_order>;

/// The one writer of the store: many entries per fsync. Detached.
using log_writer_actor = caf::typed_actor<
  // Makes entries durable; answered by `flush_result_ptr`.
  caf::reacts_to<log_order_ptr>,
  // Takes a sealed cut or fold step of the applier into the next flush.
  caf::reacts_to<cut_work_ptr>,
  // Keeps an event that failed twice; rides on the next flush.
  caf::reacts_to<quarantine_row_ptr>,
  // INTERNAL: flushes what has been collected.
  caf::reacts_to<atom::flush>>
  // Conforms to the STATUS protocol.
  ::extend_with<status_actor>;

/// Applies committed commands in memory, answers reads of the applied state,
/// seals cuts and folds. Detached.
using applier_actor = caf::typed_actor<
  // Applies; answers every origin by `applied_ptr`, the host by `applied_to`.
  caf::reacts_to<apply_order_ptr>,
  // Hears from the log writer that a cut is durable.
  caf::reacts_to<cut_work_ptr>,
  // Answers reads of the applied state.
  caf::reacts_to<fetch_user_ptr>, caf::reacts_to<fetch_channel_ptr>,
  caf::reacts_to<fetch_person_ptr>,
  // Resolves seqs to positions and lets a READER fetch the rows.
  caf::reacts_to<history_request_ptr>,
  // INTERNAL: looks which replica is due for a cut or a fold.
  caf::reacts_to<atom::tick>>
  // Conforms to the STATUS protocol.
  ::extend_with<status_actor>;

/// Reads stored rows by position. Detached, a few of them.
using reader_actor = caf::typed_actor<
  // Reads, checks and answers.
  caf::reacts_to<read_rows_ptr>>;

/// Answers to a CHANNEL's and a USER's reads, tagged with what was asked.
struct channel_fetched {
  std::uint64_t version = 0;
  errc error = errc::none;
  std::shared_ptr<const channel_view> view;
};
struct person_fetched {
  std::string sender;
  std::uint64_t version = 0;
  errc error = errc::none;
  person_view view;
};
struct user_fetched {
  std::uint64_t request = 0;
  std::uint64_t version = 0;
  errc error = errc::none;
  std::shared_ptr<const user_view> view;
};

/// All sessions of one uid; its mailbox is the ordered queue of that user.
using user_actor = caf::typed_actor<
  // Connect, OnSend, RecvAck, Sub, ConnClose and SetToken events.
  caf::reacts_to<user_delivery_ptr>,
  // SendAck: what became of its sends.
  caf::reacts_to<submitted_ptr>,
  // What became of a subscription of one of its sessions.
  caf::reacts_to<subscribed>,
  // INTERNAL: answer to its own `fetch_user`.
  caf::reacts_to<user_fetched>,
  // INTERNAL: looks at deadlines and at RECVs to be pushed again.
  caf::reacts_to<atom::tick>,
  // INTERNAL: asks itself whether it may retire.
  caf::reacts_to<atom::idle>>
  // Conforms to the STATUS and PROPOSER protocols.
  ::extend_with<status_actor>::extend_with<proposer_actor>;

/// The ordered queue of one channel. Lives on the node that leads its slot.
using channel_actor = caf::typed_actor<
  // Submits, orders, history requests and subscriptions, in one order.
  caf::reacts_to<channel_delivery_ptr>,
  // INTERNAL: answers to its own `fetch_channel` and `fetch_person`.
  caf::reacts_to<channel_fetched>, caf::reacts_to<person_fetched>,
  // INTERNAL: looks at deadlines.
  caf::reacts_to<atom::tick>,
  // INTERNAL: asks itself whether it may retire.
  caf::reacts_to<atom::idle>>
  // Conforms to the STATUS and PROPOSER protocols.
  ::extend_with<status_actor>::extend_with<proposer_actor>;

/// Turns stored messages and a list of uids into frames in outboxes.
using pusher_actor = caf::typed_actor<
  // PushOnline, PushBatch, PushOffline; best effort, answered for counting.
  caf::reacts_to<push_delivery_ptr>>;

} // namespace jindou

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::user_delivery_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::channel_delivery_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::submitted_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::subscribed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::push_delivery_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::propose_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::applied_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::apply_order_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::applied_to)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::log_order_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::flush_result_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::cut_work_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::quarantine_row_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::fetch_user_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::fetch_channel_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::fetch_person_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::history_request_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::read_rows_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::channel_fetched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::person_fetched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::user_fetched)
