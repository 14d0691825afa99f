#include "server/jobs.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "base/log.h"
#include "server/upload_form.h"
#include "store/store.h"

namespace piste::server {
namespace {

constexpr std::chrono::milliseconds seat_poll{250};
constexpr std::chrono::seconds look_interval{5};    // for what another service has left
constexpr std::chrono::seconds take_interval{1};    // for what the nodes share
constexpr std::chrono::seconds share_interval{30};  // after it has failed
constexpr std::chrono::seconds patience{5};  // after the start, with a database that does not answer yet
constexpr const char* not_allowed = "Whoever uploaded it may not come here any more";

}  // namespace

Jobs::Jobs(session::Registry& registry, const store::Store* store)
    : registry_(registry), store_(store), shared_(store ? registry.shared_jobs() : nullptr) {
  {
    const base::Lock lock(mutex_);
    take_left();  // before anybody can ask for them
  }
}

void Jobs::start(std::function<bool(const std::string& owner)> knows) {
  knows_ = std::move(knows);
  if (shared_) sharing_ = std::thread([this] { share(); });
  for (auto& thread : threads_) thread = std::thread([this] { run(); });
}

Jobs::~Jobs() {
  {
    const base::Lock lock(mutex_);
    stop_.request_stop();
  }
  changed_.notify_all();
  for (auto* thread : {&threads_[0], &threads_[1], &sharing_}) {
    if (thread->joinable()) thread->join();
  }
}

void Jobs::add(std::unique_ptr<session::Upload> upload) {
  {
    const base::Lock lock(mutex_);
    entrance().push_back(std::move(upload));
  }
  changed_.notify_all();
}

void Jobs::take_left() {
  while (auto left = session::Upload::take_kept(registry_, Clock::now()))
    entrance().push_back(std::move(left));
}

// ---- judging

void Jobs::run() {
  while (auto upload = next()) judge(std::move(upload));
}

// With a seat, or ended. Null: the end has come.
std::unique_ptr<session::Upload> Jobs::next() {
  base::Lock lock(mutex_);
  while (!stop_.stop_requested()) {
    take_left();
    const bool room = registry_.disk_has_room();
    const auto found = std::ranges::find_if(
        waiting_, [&](auto& upload) { return upload->ended() || (room && upload->take_seat()); });
    if (found != waiting_.end()) {
      auto upload = std::move(*found);
      waiting_.erase(found);
      return upload;
    }
    if (shared_ && room) {
      lock.unlock();
      auto upload = take_of_all();
      lock.lock();
      if (upload) return upload;
    }
    const Clock::duration interval = shared_ ? take_interval : look_interval;
    if (!stop_.stop_requested())
      changed_.wait_until(lock, Clock::now() + (waiting_.empty() ? interval : seat_poll));
  }
  return nullptr;
}

// What is not expected must not end the service.
std::unique_ptr<session::Upload> Jobs::take_of_all() {
  try {
    return next_of_all();
  } catch (const std::exception& unexpected) {
    base::log::error("", std::string("Taking an upload of all nodes failed: ") + unexpected.what());
    return nullptr;
  }
}

// With its files. Null: there is none, or it was given back.
std::unique_ptr<session::Upload> Jobs::next_of_all() {
  auto upload = session::Upload::take_shared(registry_, Clock::now());
  if (!upload) return nullptr;
  if (upload->shared()->job.attempts >= session::Job::most_attempts) {
    fail(*upload, "The service that judged this upload ended each time, and it is not tried again");
    return nullptr;
  }
  return fetch(*upload) ? std::move(upload) : nullptr;
}

// False: it was given back, or failed.
bool Jobs::fetch(session::Upload& upload) {
  const auto fetched = store_->fetch_upload(upload.files(), stop_.get_token());
  if (fetched && upload.take_seat()) return true;
  if (!fetched && fetched.error().code == store::ErrorCode::missing) {
    fail(upload, "Its film is not in the store any more");
    return false;
  }
  if (!fetched)
    base::log::warning(upload.id(), "cannot be fetched, another node may: " + fetched.error().message);
  shared_->give_back(*upload.shared());
  pause(look_interval);
  return false;
}

void Jobs::judge(std::unique_ptr<session::Upload> upload) {
  if (upload->ended() || !knows_(upload->key().owner)) return fail(*upload, not_allowed);
  session::UploadOptions options;
  for (const auto& [name, value] : upload->options()) {
    if (const auto set = set_upload_option(options, name, value); !set)
      return fail(*upload, set.error().message);  // as an older version took it
  }
  const session::SharedJob* const shared = upload->shared();
  const auto lost = [&] { return shared && !shared_->holds(*shared); };
  std::string why = "The analysis failed";
  try {
    const auto result = upload->analyze(options, [&] { return stop_.stop_requested() || lost(); });
    if (result) return;
    why = result.error().message;
    if (stop_.stop_requested() || lost() || result.error().code == session::UploadError::busy)
      return put_off(std::move(upload));
  } catch (const std::exception& unexpected) {
    base::log::error(upload->id(), std::string("Analysis of an upload failed: ") + unexpected.what());
  }
  fail(*upload, upload->ended() ? not_allowed : why);
}

// What is this node's alone is on its disk.
void Jobs::put_off(std::unique_ptr<session::Upload> upload) {
  if (upload->shared() && !shared_->holds(*upload->shared()))
    base::log::warning(upload->id(), "the cluster was not heard for long: another node may judge it now");
  if (upload->shared()) shared_->give_back(*upload->shared());
  if (stop_.stop_requested()) return;
  pause(look_interval);
  if (upload->shared()) return;
  {
    const base::Lock lock(mutex_);
    waiting_.push_back(std::move(upload));
  }
  changed_.notify_all();
}

// What the store has of it goes too: of what the nodes share when its folder has gone, of this node's alone
// when the store finds there that it has failed.
void Jobs::fail(session::Upload& upload, const std::string& why) const {
  if (upload.shared()) store_->forget(upload.key(), upload.files().front().parent_path().filename().string());
  upload.fail(why);
}

// The disk took nothing, though it has room: others may have taken that. Or another node is to have it first.
void Jobs::pause(Clock::duration duration) {
  base::Lock lock(mutex_);
  const auto until = Clock::now() + duration;
  while (!stop_.stop_requested() && Clock::now() < until) changed_.wait_until(lock, until);
}

// ---- giving to the nodes

// One after the other, in the order of their coming. While the store or the database cannot be reached they
// are judged here.
void Jobs::share() {
  Clock::time_point again = Clock::time_point::min();
  base::Lock lock(mutex_);
  while (!stop_.stop_requested()) {
    if (to_share_.empty()) {
      changed_.wait_until(lock, Clock::now() + look_interval);
      continue;
    }
    auto upload = std::move(to_share_.front());
    to_share_.pop_front();
    lock.unlock();
    const bool tried = !upload->ended() && Clock::now() >= again;
    const bool given = tried && give_safely(*upload);
    if (tried && !given) again = Clock::now() + share_interval;
    lock.lock();
    if (!given) waiting_.push_back(std::move(upload));
    changed_.notify_all();
  }
}

// What is not expected must not end the service.
bool Jobs::give_safely(session::Upload& upload) {
  try {
    return give_to_nodes(upload);
  } catch (const std::exception& unexpected) {
    base::log::error(upload.id(), std::string("Giving an upload to the nodes failed: ") + unexpected.what());
    return false;
  }
}

// The files before the job: whoever finds that finds them. It is this node's until nothing of it is here;
// what an earlier run has given, and was killed, they have.
bool Jobs::give_to_nodes(session::Upload& upload) {
  const session::SharedJob job = upload.to_share();
  const auto there = nodes_have(job);
  if (there == true) {
    upload.leave_to_nodes();
    return true;
  }
  std::string why = "the database does not take it";
  if (there) {
    const auto put = store_->put_upload(upload.files(), stop_.get_token());
    if (put && shared_->put(job)) {
      upload.leave_to_nodes();
      shared_->give_back(job);
      return true;
    }
    if (!put) why = put.error().message;
  }
  if (!stop_.stop_requested())
    base::log::warning(upload.id(), "no other node can judge it, it stays on this one: " + why);
  return false;
}

// nullopt: nobody can say.
std::optional<bool> Jobs::nodes_have(const session::SharedJob& job) {
  auto there = shared_->has(job);
  while (!there && Clock::now() < began_ + patience && !stop_.stop_requested()) {
    pause(seat_poll);
    there = shared_->has(job);
  }
  return there;
}

}  // namespace piste::server
