#include "session/clean_films.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <exception>
#include <utility>

#include "base/log.h"
#include "session/phrase_folder.h"

namespace piste::session {
namespace {

constexpr std::size_t most_films = 1000;  // on a machine that never rests the others do without

void take_the_lowest_priority() {
  constexpr int lowest = 19;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), lowest);
}

}  // namespace

CleanFilms::CleanFilms(const pipeline::Engine& engine) : engine_(engine), thread_([this] { run(); }) {}

CleanFilms::~CleanFilms() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CleanFilms::add(const std::filesystem::path& directory) {
  {
    const base::Lock lock(mutex_);
    if (waiting_.size() < most_films) waiting_.push_back(directory);
  }
  changed_.notify_all();
}

void CleanFilms::run() {
  take_the_lowest_priority();
  base::Lock lock(mutex_);
  while (true) {
    while (!stopping_ && waiting_.empty()) changed_.wait(lock);
    if (stopping_) return;
    const auto directory = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    make(directory);
    lock.lock();
  }
}

// Where it cannot be made, or the phrase is removed meanwhile, there is none.
void CleanFilms::make(const std::filesystem::path& directory) const {
  const std::string name = directory.filename().string();
  try {
    const auto made = engine_.make_clean_film(directory, [this] { return stopping_.load(); });
    if (made) PhraseFolder::film_made(directory);
    if (!made && !stopping_) base::log::info("", name + ": " + made.error().message);
  } catch (const std::exception& failure) {
    base::log::error("", name + ": the film without drawings: " + failure.what());
  }
}

}  // namespace piste::session
