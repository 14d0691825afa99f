#include "session/job.h"

#include <boost/json.hpp>

#include "base/json_text.h"

namespace piste::session {

namespace json = boost::json;

std::string print(const Job& job) {
  json::array options;
  for (const auto& [name, value] : job.options) options.push_back(json::array{name, value});
  return base::json_text(json::object{{"owner", job.owner},
                                      {"video", job.video},
                                      {"options", std::move(options)},
                                      {"attempts", job.attempts},
                                      {"error", job.error}});
}

std::optional<Job> parse_job(const std::string& text) try {
  const json::value read = json::parse(text);
  Job job;
  job.owner = json::value_to<std::string>(read.at("owner"));
  job.video = json::value_to<std::string>(read.at("video"));
  for (const json::value& option : read.at("options").as_array())
    job.options.emplace_back(json::value_to<std::string>(option.at(0)),
                             json::value_to<std::string>(option.at(1)));
  job.attempts = read.at("attempts").to_number<int>();
  job.error = json::value_to<std::string>(read.at("error"));
  if (job.video.empty() || job.video.starts_with('.') || job.video.find('/') != job.video.npos)
    return std::nullopt;
  return job;
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace piste::session
