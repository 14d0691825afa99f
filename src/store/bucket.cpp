#include "store/bucket.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <utility>

#include "base/text.h"
#include "store/pause.h"

namespace piste::store {
namespace {

using std::chrono::system_clock;

// What stands in the first element of this name, of what S3 says in XML; it is never longer than this.
std::string element_in(const std::string& xml, const std::string& name) {
  constexpr std::size_t longest = 1024;
  const std::string open = "<" + name + ">";
  const std::size_t begin = xml.find(open);
  if (begin == std::string::npos) return "";
  const std::size_t from = begin + open.size();
  const std::size_t end = xml.find('<', from);
  return end == std::string::npos || end - from > longest ? "" : xml.substr(from, end - from);
}

// Its own code alone: the rest of what it says may tell of keys.
Error refusal(const Answer& answer) {
  const std::string code = element_in(answer.body, "Code");
  const bool later = answer.status >= 500 || answer.status == 429 || answer.status == 408;
  const ErrorCode kind = answer.status == 404 ? ErrorCode::missing
                         : later              ? ErrorCode::unreachable
                                              : ErrorCode::refused;
  return {kind, "the store answers " + std::to_string(answer.status) + (code.empty() ? "" : " ") +
                    base::escaped(code)};
}

// The answer to the end of an upload in parts may begin before it is known how it ends.
bool ended_badly(const Request& request, const Answer& answer) {
  return request.method == "POST" && answer.status == 200 && answer.body.find("<Error>") != std::string::npos;
}

bool is_good(const Answer& answer) {
  return answer.status >= 200 && answer.status < 300;
}

bool is_skewed(const Answer& answer) {
  return answer.status == 403 && element_in(answer.body, "Code") == "RequestTimeTooSkewed";
}

Request request_of(std::string method, std::string key) {
  Request request;
  request.method = std::move(method);
  request.key = std::move(key);
  return request;
}

std::optional<std::string> piece_of(std::istream& file, std::uint64_t length) {
  std::string piece(length, '\0');
  file.read(piece.data(), static_cast<std::streamsize>(length));
  if (!file) return std::nullopt;
  return piece;
}

Error unreadable() {
  return {ErrorCode::io, "a file of the phrase cannot be read"};
}

Result<base::Done> done(const Result<Answer>& answer) {
  if (!answer) return answer.error();
  return base::Done{};
}

}  // namespace

// False: that is no time.
bool Bucket::set_clock(const std::string& date) const {
  std::tm utc{};
  if (!::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &utc)) return false;
  const auto there = system_clock::from_time_t(::timegm(&utc));
  ahead_ = std::chrono::duration_cast<std::chrono::seconds>(there - system_clock::now());
  return true;
}

// Whoever comes after a rest asks; the others are told at once that it does not answer, until it does.
bool Bucket::rests() const {
  using std::chrono::steady_clock;
  auto until = rests_until_.load();
  if (until == steady_clock::time_point{}) return false;
  const auto now = steady_clock::now();
  return now < until || !rests_until_.compare_exchange_strong(until, now + options_.limit);
}

Result<Answer> Bucket::ask(const Request& request, const std::stop_token& stop) const {
  if (options_.rest.count() == 0) return ask_until_it_answers(request, stop);
  if (rests()) return Error{ErrorCode::unreachable, "the store did not answer a moment ago"};
  auto answer = ask_until_it_answers(request, stop);
  const bool away = !answer && answer.error().code == ErrorCode::unreachable;
  rests_until_ =
      away ? std::chrono::steady_clock::now() + options_.rest : std::chrono::steady_clock::time_point{};
  return answer;
}

Result<Answer> Bucket::ask_until_it_answers(const Request& request, const std::stop_token& stop) const {
  bool clock_was_set = false;
  for (int tries = 1;; ++tries) {
    auto answer = exchange(place_, request, system_clock::now() + ahead_.load(), options_.limit, stop);
    if (answer && ended_badly(request, *answer)) answer->status = 500;
    if (answer && is_good(*answer)) return answer;
    if (answer && is_skewed(*answer) && !std::exchange(clock_was_set, true) && set_clock(answer->date))
      continue;
    Error error = answer ? refusal(*answer) : answer.error();
    if (error.code != ErrorCode::unreachable || tries >= options_.tries) return error;
    if (!pause(options_.first_pause * (1 << (tries - 1)), stop)) return error;
  }
}

Result<base::Done> Bucket::put(const std::string& key, std::string content, std::string_view type,
                               const std::stop_token& stop) const {
  Request request = request_of("PUT", key);
  request.body = std::move(content);
  request.fields = {{"Content-Type", std::string(type)}};
  return done(ask(request, stop));
}

Result<base::Done> Bucket::put_file(const std::string& key, const std::filesystem::path& path,
                                    std::string_view type, const std::stop_token& stop) const {
  std::ifstream file(path, std::ios::binary);
  std::error_code failure;
  const std::uint64_t size = std::filesystem::file_size(path, failure);
  if (!file || failure) return unreadable();
  if (size > options_.part_bytes) return put_parts(key, file, size, type, stop);
  auto content = piece_of(file, size);
  if (!content) return unreadable();
  return put(key, std::move(*content), type, stop);
}

// What was begun and cannot be ended is given up: its parts would be kept, and paid for.
Result<base::Done> Bucket::put_parts(const std::string& key, std::istream& file, std::uint64_t size,
                                     std::string_view type, const std::stop_token& stop) const {
  Request begin = request_of("POST", key);
  begin.query = {{"uploads", ""}};
  begin.fields = {{"Content-Type", std::string(type)}};
  const auto begun = ask(begin, stop);
  if (!begun) return begun.error();
  const std::string upload = element_in(begun->body, "UploadId");
  if (upload.empty()) return Error{ErrorCode::refused, "the store begins no upload in parts"};
  auto parts = send_parts(key, upload, file, size, stop);
  Request end = request_of(parts ? "POST" : "DELETE", key);
  end.query = {{"uploadId", upload}};
  if (parts) end.body = std::move(*parts);
  const auto ended = ask(end, stop);
  if (!parts) return parts.error();
  return done(ended);
}

// What the end of the upload has to say of them.
Result<std::string> Bucket::send_parts(const std::string& key, const std::string& upload, std::istream& file,
                                       std::uint64_t size, const std::stop_token& stop) const {
  std::string out = "<CompleteMultipartUpload>";
  std::uint64_t from = 0;
  for (int number = 1; from < size; ++number) {
    const std::uint64_t length = std::min<std::uint64_t>(options_.part_bytes, size - from);
    auto piece = piece_of(file, length);
    if (!piece) return unreadable();
    Request request = request_of("PUT", key);
    request.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload}};
    request.body = std::move(*piece);
    const auto taken = ask(request, stop);
    if (!taken) return taken.error();
    out += "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + taken->etag +
           "</ETag></Part>";
    from += length;
  }
  return out + "</CompleteMultipartUpload>";
}

Result<std::string> Bucket::get(const std::string& key, const std::stop_token& stop) const {
  auto answer = ask(request_of("GET", key), stop);
  if (!answer) return answer.error();
  return std::move(answer->body);
}

Result<Object> Bucket::look(const std::string& key) const {
  const auto answer = ask(request_of("HEAD", key), {});
  if (!answer) return answer.error();
  return Object{answer->length, answer->etag};
}

Result<std::string> Bucket::read(const std::string& key, const Object& object, std::uint64_t from,
                                 std::uint64_t length) const {
  Request request = request_of("GET", key);
  request.fields = {{"Range", "bytes=" + std::to_string(from) + "-" + std::to_string(from + length - 1)},
                    {"If-Match", object.etag}};
  auto answer = ask(request, {});
  if (!answer) return answer.error();
  if (answer->status != 206 || answer->body.size() != length)
    return Error{ErrorCode::refused, "the store does not give a piece of an object"};
  return std::move(answer->body);
}

Result<base::Done> Bucket::get_file(const std::string& key, const std::filesystem::path& path,
                                    const std::stop_token& stop) const {
  const auto object = look(key);
  if (!object) return object.error();
  std::ofstream file(path, std::ios::binary);
  for (std::uint64_t from = 0; from < object->size; from += options_.part_bytes) {
    if (stop.stop_requested()) return Error{ErrorCode::unreachable, "the service is being stopped"};
    const auto piece =
        read(key, *object, from, std::min<std::uint64_t>(options_.part_bytes, object->size - from));
    if (!piece) return piece.error();
    file.write(piece->data(), static_cast<std::streamsize>(piece->size()));
  }
  file.close();
  if (!file) return Error{ErrorCode::io, "a file from the store cannot be put on the disk"};
  return base::Done{};
}

Result<base::Done> Bucket::remove(const std::string& key, const std::stop_token& stop) const {
  const auto answer = ask(request_of("DELETE", key), stop);
  if (!answer && answer.error().code != ErrorCode::missing) return answer.error();
  return base::Done{};
}

}  // namespace piste::store
