#include "pipeline/told_events.h"

#include <string>

#include "boxes/event_json.h"

namespace piste::pipeline {

ToldEvents::ToldEvents(const std::filesystem::path& directory) : path_(directory / "box.jsonl") {}

// A line that was cut is none.
std::vector<types::box::Event> ToldEvents::found() const {
  std::vector<types::box::Event> events;
  std::ifstream file(path_, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    auto told = boxes::parse_event(line);
    if (told && told->at) events.push_back({std::move(told->what), {*told->at, told->error.value_or(0)}});
  }
  return events;
}

void ToldEvents::add(const types::box::Event& event) {
  if (!file_.is_open()) file_.open(path_, std::ios::binary | std::ios::app);
  file_.clear();  // a disk that was full may have room again
  file_ << boxes::json_line(event) << std::endl;
}

}  // namespace piste::pipeline
