// A bucket of objects, spoken to as S3 is. What fails for a moment is tried again; a clock that is wrong here
// is put right by the server's. Blocks; thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "store/exchange.h"

namespace piste::store {

struct Object {
  std::uint64_t size = 0;
  std::string etag;
};

class Bucket {
 public:
  struct Options {
    std::size_t part_bytes = 8 << 20;  // of a longer file; S3 takes none under 5 MB but the last
    int tries = 4;
    std::chrono::milliseconds first_pause{250};  // before it is tried again; twice as long each time
    std::chrono::milliseconds limit{30'000};     // of a request without a body
    // After one that failed it is not asked for so long, and then by one at a time.
    std::chrono::milliseconds rest{0};
  };
  explicit Bucket(Place place) : Bucket(std::move(place), Options()) {}
  Bucket(Place place, const Options& options) : place_(std::move(place)), options_(options) {}

  // Keys begin with '/'. What was there is replaced, at once for whoever reads.
  Result<base::Done> put(const std::string& key, std::string content, std::string_view type,
                         const std::stop_token& stop = {}) const;
  Result<base::Done> put_file(const std::string& key, const std::filesystem::path& file,
                              std::string_view type, const std::stop_token& stop = {}) const;
  // Of small ones: at most 16 MB.
  Result<std::string> get(const std::string& key, const std::stop_token& stop = {}) const;
  Result<Object> look(const std::string& key) const;
  // A piece of it, as it was looked at.
  Result<std::string> read(const std::string& key, const Object& object, std::uint64_t from,
                           std::uint64_t length) const;
  // Into a new file; what came of it before an error is left there.
  Result<base::Done> get_file(const std::string& key, const std::filesystem::path& file,
                              const std::stop_token& stop = {}) const;
  // Of one that is not there, too.
  Result<base::Done> remove(const std::string& key, const std::stop_token& stop = {}) const;

 private:
  Result<Answer> ask(const Request& request, const std::stop_token& stop) const;
  Result<Answer> ask_until_it_answers(const Request& request, const std::stop_token& stop) const;
  bool rests() const;
  Result<base::Done> put_parts(const std::string& key, std::istream& file, std::uint64_t size,
                               std::string_view type, const std::stop_token& stop) const;
  Result<std::string> send_parts(const std::string& key, const std::string& upload, std::istream& file,
                                 std::uint64_t size, const std::stop_token& stop) const;
  bool set_clock(const std::string& date) const;

  const Place place_;
  const Options options_;
  mutable std::atomic<std::chrono::seconds> ahead_{};                         // the server's clock, of ours
  mutable std::atomic<std::chrono::steady_clock::time_point> rests_until_{};  // zero: it answers
};

}  // namespace piste::store
