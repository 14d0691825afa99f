#include "server/jobs.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "base/log.h"
#include "server/upload_form.h"

namespace piste::server {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds seat_poll{250};
constexpr std::chrono::seconds look_interval{5};  // for what another service has left
constexpr const char* not_allowed = "Whoever uploaded it may not come here any more";

}  // namespace

Jobs::Jobs(session::Registry& registry) : registry_(registry) {
  {
    const base::Lock lock(mutex_);
    take_left();  // before anybody can ask for them
  }
  for (auto& thread : threads_) thread = std::thread([this] { run(); });
}

Jobs::~Jobs() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Jobs::add(std::unique_ptr<session::Upload> upload) {
  {
    const base::Lock lock(mutex_);
    waiting_.push_back(std::move(upload));
  }
  changed_.notify_all();
}

void Jobs::run() {
  while (auto upload = next()) judge(std::move(upload));
}

void Jobs::take_left() {
  while (auto left = session::Upload::take_kept(registry_, steady_clock::now()))
    waiting_.push_back(std::move(left));
}

// With a seat, or ended. Null: the end has come.
std::unique_ptr<session::Upload> Jobs::next() {
  base::Lock lock(mutex_);
  while (!stopping_) {
    take_left();
    const bool room = registry_.disk_has_room();
    const auto found = std::ranges::find_if(
        waiting_, [&](auto& upload) { return upload->ended() || (room && upload->take_seat()); });
    if (found != waiting_.end()) {
      auto upload = std::move(*found);
      waiting_.erase(found);
      return upload;
    }
    changed_.wait_until(lock, steady_clock::now() + (waiting_.empty() ? look_interval : seat_poll));
  }
  return nullptr;
}

void Jobs::judge(std::unique_ptr<session::Upload> upload) {
  if (upload->ended()) return upload->fail(not_allowed);
  session::UploadOptions options;
  for (const auto& [name, value] : upload->options()) {
    if (const auto set = set_upload_option(options, name, value); !set)
      return upload->fail(set.error().message);  // as an older version took it
  }
  std::string why = "The analysis failed";
  try {
    const auto result = upload->analyze(options, [this] { return stopping_.load(); });
    if (result) return;
    if (stopping_) return;
    why = result.error().message;
    if (result.error().code == session::UploadError::busy) {
      pause();
      return add(std::move(upload));
    }
  } catch (const std::exception& unexpected) {
    base::log::error(upload->id(), std::string("Analysis of an upload failed: ") + unexpected.what());
  }
  upload->fail(upload->ended() ? not_allowed : why);
}

// The disk took nothing, though it has room: others may have taken that.
void Jobs::pause() {
  base::Lock lock(mutex_);
  const auto until = steady_clock::now() + look_interval;
  while (!stopping_ && steady_clock::now() < until) changed_.wait_until(lock, until);
}

}  // namespace piste::server
