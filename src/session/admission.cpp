#include "session/admission.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "protocol/print.h"
#include "session/directory.h"
#include "session/resume_token.h"

namespace piste::session {
namespace {

using Error = base::Error<AdmissionError>;

constexpr double lowest_fps = 1;
constexpr double highest_fps = 1000;
constexpr int smallest_side = 16;  // pixels
// Sessions that were left and still hold their folder and log: each waits some 50 ms for a frame in work, so
// clients that begin and leave faster than that would pile them up.
constexpr std::size_t most_ending = 256;

std::string range_text(const char* name, std::int64_t low, std::int64_t high) {
  return std::string(name) + " must be from " + std::to_string(low) + " to " + std::to_string(high);
}

bool within(std::int64_t value, std::int64_t low, std::int64_t high) {
  return value >= low && value <= high;
}

// What is wrong with the numbers; empty if nothing is.
std::string unsuitable(const protocol::SessionStart& start, const Limits& limits) {
  if (!(start.fps >= lowest_fps && start.fps <= highest_fps)) return "fps must be from 1 to 1000";
  if (!within(start.width, smallest_side, limits.max_width)) {
    return range_text("width", smallest_side, limits.max_width);
  }
  if (!within(start.height, smallest_side, limits.max_height)) {
    return range_text("height", smallest_side, limits.max_height);
  }
  return {};
}

// A first frame must fit, at the size that a compressed picture usually has.
bool memory_has_room(base::ByteBudget& memory, const protocol::SessionStart& start) {
  const auto pixels = static_cast<std::size_t>(start.width) * static_cast<std::size_t>(start.height);
  const std::size_t first_frame = std::max<std::size_t>(pixels / 8, 64 << 10);
  return memory.try_acquire(std::min(first_frame, memory.limit() / 4)).has_value();
}

constexpr const char* no_disk_space = "Not enough disk space on the server";

Error error_of(const recording::Error& error) {
  if (error.code == recording::ErrorCode::full) return {AdmissionError::no_disk, no_disk_space};
  return {AdmissionError::failed, "The server cannot store frames: " + error.message};
}

std::string too_many_text(const Limits& limits, std::chrono::seconds wait) {
  return "Too many sessions from your address: " + std::to_string(limits.sessions_per_hour) +
         " an hour are allowed; the next in " + std::to_string(wait.count()) + " seconds";
}

std::string describe(const protocol::SessionStart& start, const PhraseFolder& folder) {
  std::string text =
      "session started: " + std::to_string(start.width) + "x" + std::to_string(start.height) + ", ";
  if (start.expected_frames) text += std::to_string(*start.expected_frames) + " frames expected, ";
  return text + "stored in " + folder.name();
}

Error error_of(const base::Error<SeatError>& error) {
  switch (error.code) {
    case SeatError::shutting_down:
      return {AdmissionError::stopping, error.message};
    case SeatError::id_in_use:
      return {AdmissionError::id_in_use, error.message};
    case SeatError::gone:
      return {AdmissionError::unsuitable, error.message};
    case SeatError::full:
    case SeatError::client_full:
      break;
  }
  return {AdmissionError::busy, error.message};
}

}  // namespace

std::optional<std::chrono::seconds> Admission::retry_after(AdmissionError error, const Caller& caller,
                                                           TimePoint now) const {
  switch (error) {
    case AdmissionError::busy:
      return std::chrono::seconds(5);
    case AdmissionError::elsewhere:
      return std::chrono::seconds(1);
    case AdmissionError::stopping:
      return std::chrono::seconds(10);
    case AdmissionError::no_disk:
      return std::chrono::seconds(60);
    case AdmissionError::too_many:
      return allowance_.wait(caller.address, now);
    case AdmissionError::unsuitable:
    case AdmissionError::id_in_use:
    case AdmissionError::failed:
      break;
  }
  return std::nullopt;
}

base::Result<base::Done, AdmissionError> Admission::take_start(const Caller& caller, TimePoint now) {
  if (const auto wait = allowance_.take(caller.address, now))
    return Error{AdmissionError::too_many, too_many_text(shared_.limits, *wait)};
  return base::Done{};
}

// What the owner has at other nodes, as it was a second ago.
base::Result<base::Done, AdmissionError> Admission::objection_of_others(const Caller& caller) const {
  if (!shared_.directory || caller.max_sessions == 0) return base::Done{};
  const std::size_t all =
      shared_.accounts.held(caller, Holding::seat) + shared_.directory->seats_elsewhere(caller.owner);
  if (all < caller.max_sessions) return base::Done{};
  return Error{AdmissionError::busy, "Maximum concurrent sessions of this token reached (" +
                                         std::to_string(all) + ", at all nodes)"};
}

base::Result<Admitted, AdmissionError> Admission::admit(const Caller& caller,
                                                        const protocol::SessionStart& start,
                                                        const std::shared_ptr<Channel>& channel,
                                                        TimePoint now) {
  if (const auto few = objection_of_others(caller); !few) return few.error();
  std::string token = make_resume_token();
  SessionRecord record;
  record.owner = caller.owner;
  record.start = start;
  record.token_hash = resume_hash(token);
  auto session = begin(caller, std::move(record), channel, now, Counted::yes);
  if (!session) return session.error();
  return Admitted{std::move(*session), std::move(token)};
}

Admission::Opened Admission::begin(const Caller& caller, SessionRecord record,
                                   const std::shared_ptr<Channel>& channel, TimePoint now, Counted counted) {
  const protocol::SessionStart& start = record.start;
  if (auto problem = unsuitable(start, shared_.limits); !problem.empty()) {
    return Error{AdmissionError::unsuitable, std::move(problem)};
  }
  if (shared_.reaper.waiting() > most_ending) {
    return Error{AdmissionError::busy, "Maximum concurrent sessions reached"};
  }
  if (shared_.accounts.objection(caller, Holding::left_phrase)) {
    return Error{AdmissionError::busy, "Too many phrases that were left are still being judged"};
  }
  auto seat = seating_.take(caller, start.session_id);
  if (!seat) return error_of(seat.error());
  if (!memory_has_room(shared_.store.memory, start)) {
    return Error{AdmissionError::busy, "Maximum memory limit reached"};
  }
  if (!shared_.store.shelf.has_room()) return Error{AdmissionError::no_disk, no_disk_space};
  if (counted == Counted::yes) {
    if (const auto allowed = take_start(caller, now); !allowed) return allowed.error();
  }
  record.sequence = sequence_.next();
  auto opened = PhraseFolder::create(shared_.store.shelf, record);
  if (!opened) return error_of(opened.error());
  const std::string description = describe(start, *opened->folder);
  auto session =
      std::make_shared<Session>(shared_, std::move(*opened), std::move(*seat), channel, now, caller);
  session->begin_analysis();
  // Only now does another of this id give way: whoever is refused takes nothing from anybody.
  if (const auto displaced = seating_.occupy(session->seat(), session, nullptr)) displaced->give_way();
  session->tell_nodes();
  base::log::info(start.session_id, description);
  shared_.counters.sessions_started.add();
  return session;
}

// Of a session that a node has lost, or gives away: it begins here, and the client sends its frames again.
// Not a bout's, whose clients do not have its frames any more.
Admission::Opened Admission::adopt(const Caller& caller, const SessionKey& key,
                                   std::optional<SessionRecord> record, TimePoint now) {
  if (!record || record->key() != key || record->start.bout) return std::shared_ptr<Session>();
  record->stage = SessionRecord::Stage::receiving;
  record->total_frames.reset();
  record->attempts = 0;
  auto begun = begin(caller, std::move(*record), nullptr, now, Counted::no);
  if (begun || begun.error().code != AdmissionError::id_in_use) return begun;
  return Error{AdmissionError::elsewhere, "Another connection is just going on with it: connect anew"};
}

// A seat is taken only when both files are here; but who could have none now is told at once, unless it can
// wait for one.
base::Result<AdmittedUpload, AdmissionError> Admission::admit_upload(const Caller& caller, Judged judged,
                                                                     TimePoint now) {
  const Shelf& shelf = shared_.store.shelf;
  if (!shelf.has_room()) return Error{AdmissionError::no_disk, no_disk_space};
  const bool later = judged == Judged::later;
  const auto problem = seating_.objection(caller);
  if (problem && (!later || problem->code == SeatError::shutting_down)) return error_of(*problem);
  AdmittedUpload admitted;
  if (later && shared_.accounts.take(admitted.kept, caller, Holding::kept_upload))
    return Error{AdmissionError::busy, "Too many uploads wait to be judged"};
  if (shared_.accounts.take(admitted.on_its_way, caller, Holding::upload))
    return Error{AdmissionError::busy, "Too many uploads are on their way"};
  if (const auto counted = take_start(caller, now); !counted) return counted.error();
  auto folder = PhraseFolder::create_for_upload(shelf);
  if (!folder) return error_of(folder.error());
  admitted.folder = std::move(*folder);
  return settle(std::move(admitted), caller, judged, KeptBy::node, now);
}

AdmittedUpload Admission::admit_left(const Caller& caller, std::unique_ptr<PhraseFolder> folder,
                                     KeptBy kept_by, TimePoint now) {
  AdmittedUpload admitted;
  admitted.folder = std::move(folder);
  admitted.kept = shared_.accounts.charge(caller, Holding::kept_upload);
  return settle(std::move(admitted), caller, Judged::later, kept_by, now);
}

AdmittedUpload Admission::settle(AdmittedUpload admitted, const Caller& caller, Judged judged, KeptBy kept_by,
                                 TimePoint now) {
  admitted.seat = seating_.keep({caller.owner, upload_id(admitted.folder->name())});
  admitted.view = std::make_shared<UploadView>();
  admitted.view->started = now;
  admitted.view->later = judged == Judged::later;
  if (admitted.view->later && shared_.directory) admitted.view->kept_by = kept_by;
  seating_.occupy(admitted.seat, nullptr, admitted.view);
  return admitted;
}

// An unknown id and a wrong token get the same answer, so nobody learns which sessions there are.
base::Result<std::shared_ptr<Session>, AdmissionError> Admission::resume(
    const Caller& caller, const protocol::SessionResume& wanted, const std::shared_ptr<Channel>& channel,
    TimePoint now) {
  const SessionKey key{caller.owner, wanted.session_id};
  auto session = seating_.find(key);
  if (!session) session = recovery_.open(key, now);
  if (session && !matches(wanted.resume_token, session->token_hash())) session.reset();
  auto ended = session ? std::nullopt : shared_.archive.find(key);
  if (ended && !matches(wanted.resume_token, ended->token_hash)) ended.reset();
  if (shared_.directory && !ended && !(session && session->is_bout())) {
    auto asked = ask_the_nodes(caller, key, resume_hash(wanted.resume_token), std::move(session), now);
    if (!asked) return asked.error();
    session = std::move(asked->session);
    ended = std::move(asked->ended);
  }
  if (session) {
    const auto resumed = session->resume(caller, channel, now);
    if (resumed) session->tell_nodes();
    if (resumed) session->bout().tell_phrases(wanted.phrases);
    if (resumed) return session;
    if (resumed.error().code != SeatError::gone) return error_of(resumed.error());
    ended = shared_.archive.find(key);
  }
  if (!ended || !matches(wanted.resume_token, ended->token_hash)) {
    const auto held = recovery_.held_elsewhere(key);
    if (held && matches(wanted.resume_token, *held))
      return Error{AdmissionError::busy, "Another service of this machine still holds the session"};
    return Error{
        AdmissionError::unsuitable,
        "There is no session of this id and resume_token; it may have timed out, send session_start"};
  }
  const std::string state = ended->succeeded ? "COMPLETE" : "FAILED";
  channel->send(protocol::print(protocol::SessionResumed{wanted.session_id, state, {}, true}));
  channel->send(last_message(wanted.session_id, *ended));
  return std::shared_ptr<Session>();
}

// Before the first acknowledgement: another node may have gone on with it, and to its end. While nobody can
// say, who has the frames goes on.
base::Result<Admission::Asked, AdmissionError> Admission::ask_the_nodes(const Caller& caller,
                                                                        const SessionKey& key,
                                                                        const std::string& token_hash,
                                                                        std::shared_ptr<Session> session,
                                                                        TimePoint now) {
  using Kind = Directory::Claim::Kind;
  auto claim = shared_.directory->claim(key, token_hash, session ? session->folder() : "");
  if (claim.kind == Kind::elsewhere)
    return Error{AdmissionError::elsewhere, "Another node has the session: connect anew"};
  if (claim.kind == Kind::away && !session) {
    return Error{AdmissionError::elsewhere, "It cannot be told now which node has the session: connect anew"};
  }
  if (claim.kind == Kind::over && !claim.ended.text.empty()) return Asked{nullptr, std::move(claim.ended)};
  // Meanwhile another connection of the same client may have begun it here.
  if (claim.kind == Kind::ours && !session) session = seating_.find(key);
  if (session && session->token_hash() != token_hash) session.reset();
  if (claim.kind == Kind::ours && !session) {
    auto adopted = adopt(caller, key, std::move(claim.record), now);
    if (!adopted) return adopted.error();
    session = std::move(*adopted);
  }
  return Asked{std::move(session), {}};
}

void Admission::trim_detached() {
  // Each asked once: others change the order meanwhile.
  std::vector<std::pair<std::pair<bool, TimePoint>, std::shared_ptr<Session>>> ordered;
  for (auto& session : seating_.unseated()) {
    if (const auto order = session->drop_order()) ordered.emplace_back(*order, std::move(session));
  }
  const std::size_t most = shared_.limits.max_detached_sessions;
  if (ordered.size() <= most) return;
  std::sort(ordered.begin(), ordered.end());
  ordered.resize(ordered.size() - most);
  for (const auto& [order, session] : ordered) session->leave();
}

}  // namespace piste::session
