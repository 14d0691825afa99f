// What the session tests share: a registry in a folder of its own, and clients that talk to it without
// sockets.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "session/conversation.h"
#include "session/fake_engine.h"
#include "session/registry.h"
#include "support/temp_dir.h"

namespace piste::session {

namespace json = boost::json;

// What an operator sees in a phrase's folder.
constexpr const char* frame_log_name = "frames.log";
constexpr const char* session_file_name = "session.json";
constexpr const char* result_name = "analysis_result.json";

inline types::Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

// One connection. Answers are read in order with next(); what was asked to be dropped or closed is kept too.
class TestClient {
 public:
  TestClient(Registry& registry, const TimePoint& now, Caller caller = {})
      : now_(now),
        conversation_(std::in_place, registry,
                      Outbox{[this](std::string text, bool droppable) {
                               const base::Lock lock(mutex_);
                               answers_.push_back(std::move(text));
                               dropped_ += droppable;
                             },
                             [this](int code, const std::string&) {
                               const base::Lock lock(mutex_);
                               close_code_ = code;
                             }},
                      std::move(caller)) {}

  Next text(std::string_view message) { return conversation_->on_text(Text(message), now_); }
  Next binary(std::string_view bytes) { return conversation_->on_binary(bytes_of(bytes), now_); }
  void ping_frame() { conversation_->on_ping(now_); }
  void disconnect() { conversation_.reset(); }

  // The guide's messages; more: further fields, each with a comma before it.
  Next start(const std::string& id = "s", const std::string& more = "") {
    id_ = id;
    return text(R"({"type":"session_start","session_id":")" + id +
                R"(","fps":30.0,"width":1280,"height":720,"video_format":"bgr24")" + more + "}");
  }
  Next frame_header(std::int64_t number, const std::string& more = "") {
    return frame_header_as(std::to_string(number), more);
  }
  Next frame_header_as(const std::string& number, const std::string& more = "") {
    return text(R"({"type":"frame","session_id":")" + id_ + R"(","frame_number":)" + number +
                R"(,"timestamp":1699276800.5,"encoding":"jpeg","quality":85)" + more + "}");
  }
  void frame(std::int64_t number, std::string_view bytes = "picture") {
    frame_header(number, ",\"size\":" + std::to_string(bytes.size()));
    binary(bytes);
  }
  void frames(std::int64_t first, std::int64_t end) {
    for (auto number = first; number < end; ++number) frame(number);
  }
  Next end(std::int64_t total) {
    return text(R"({"type":"session_end","session_id":")" + id_ + R"(","total_frames":)" +
                std::to_string(total) + "}");
  }
  void signal(std::string_view bytes = "Phrase 1") {
    text(R"({"type":"signal","session_id":")" + id_ + R"(","filename":"phrase.txt","size":)" +
         std::to_string(bytes.size()) + "}");
    binary(bytes);
  }
  // Of the session that this client's session_started told of.
  const std::string& token() const { return token_; }
  Next resume(const std::string& id, const std::string& token) {
    id_ = id;
    return text(R"({"type":"session_resume","session_id":")" + id + R"(","resume_token":")" + token + "\"}");
  }
  Next abort() { return text(R"({"type":"session_abort","session_id":")" + id_ + "\"}"); }

  // The next answer; fails the test where there is none.
  json::object next() {
    const base::Lock lock(mutex_);
    if (answers_.empty()) {
      ADD_FAILURE() << "no answer";
      return {};
    }
    const std::string text = std::move(answers_.front());
    answers_.pop_front();
    json::object answer = json::parse(text).as_object();
    if (const auto* token = answer.if_contains("resume_token")) token_ = std::string(token->as_string());
    return answer;
  }
  // The next answer's type, or for an error its code.
  std::string next_kind() { return kind(next()); }
  static std::string kind(const json::object& answer) {
    const json::value* found = answer.if_contains("error_code");
    if (!found) found = answer.if_contains("type");
    return found ? std::string(found->as_string()) : "none";
  }
  std::size_t waiting() {
    const base::Lock lock(mutex_);
    return answers_.size();
  }
  // Forgets the answers so far and says how many there were.
  std::size_t skip() {
    const base::Lock lock(mutex_);
    const std::size_t count = answers_.size();
    answers_.clear();
    return count;
  }
  int droppable() {
    const base::Lock lock(mutex_);
    return dropped_;
  }
  std::optional<int> close_code() {
    const base::Lock lock(mutex_);
    return close_code_;
  }
  std::string session_id() const { return conversation_->session_id(); }

 private:
  const TimePoint& now_;
  std::string id_ = "s";
  std::string token_;
  base::Mutex mutex_;
  std::deque<std::string> answers_ GUARDED_BY(mutex_);
  int dropped_ GUARDED_BY(mutex_) = 0;
  std::optional<int> close_code_ GUARDED_BY(mutex_);
  std::optional<Conversation> conversation_;
};

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    limits.output_dir = folder_.path();
    limits.min_free_disk_bytes = 0;
  }

  // Made at first use, with the limits as they are then.
  Registry& registry() {
    if (!registry_) registry_.emplace(engine, limits, *disk);
    return *registry_;
  }
  std::unique_ptr<TestClient> connect() { return std::make_unique<TestClient>(registry(), now); }
  std::unique_ptr<TestClient> started(const std::string& id = "s", const std::string& more = "") {
    auto client = connect();
    client->start(id, more);
    EXPECT_EQ(client->next_kind(), "session_started");
    return client;
  }
  // A client that has had everything answered up to process_start.
  std::unique_ptr<TestClient> processing(const std::string& id = "s") {
    auto client = started(id);
    client->frames(0, 12);
    client->end(12);
    client->signal();
    client->skip();
    return client;
  }
  // A connection that has resumed the session of this id, and was answered so.
  std::unique_ptr<TestClient> resumed(const std::string& token, const std::string& id = "s") {
    auto client = connect();
    client->resume(id, token);
    return client;
  }
  json::object stats() { return json::parse(registry().stats_json(now)).as_object(); }
  json::object session_stats(const std::string& id = "s") {
    return stats().at("sessions").as_object().at(id).as_object();
  }
  void pass(std::chrono::milliseconds time) { now += time; }
  // Waits until sessions that have ended are gone from the disk: the registry ends them when it goes.
  void stop() { registry_.reset(); }
  // What the disk is told to do, where a test changes that. Before the registry is made.
  recording::Disk* disk = &recording::system_disk();
  std::size_t folders() const { return test::phrases_in(limits.output_dir).size(); }

  TimePoint now = TimePoint(std::chrono::hours(1000));
  Limits limits;
  FakeEngine engine;

 private:
  const test::TempDir folder_;
  std::optional<Registry> registry_;  // ends before its folder goes
};

}  // namespace piste::session
