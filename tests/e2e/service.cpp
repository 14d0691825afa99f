#include "service.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace piste::e2e {

std::filesystem::path program(const std::string& name) {
  return std::filesystem::path(PISTE_PROGRAMS) / name;
}

test::Ended run(const std::string& name, std::vector<std::string> arguments,
                std::vector<std::string> environment) {
  return test::run({program(name), std::move(arguments), std::move(environment), {}});
}

Service::Service(std::vector<std::string> flags, std::vector<std::string> environment,
                 std::filesystem::path output)
    : output_(output.empty() ? folder_ / "phrases" : std::move(output)) {
  flags.insert(flags.begin(), {"--port", "0", "--output-dir", output_.string()});
  command_ = {program("referee_service"), std::move(flags), std::move(environment), folder_.path()};
  start();
}

void Service::start() {
  process_ = std::make_unique<test::Process>(command_);
  if (!process_->await("Listening on http://127.0.0.1:")) throw std::runtime_error("no service: " + log());
  const std::string said = process_->out();
  port_ = static_cast<std::uint16_t>(std::stoi(said.substr(said.rfind(':') + 1)));
}

void Service::kill_and_start() {
  process_->signal(SIGKILL);
  process_->wait();
  start();
}

json::object Service::get(const std::string& target) const {
  return test::body_of(test::HttpClient(port_).get(target));
}

bool Service::becomes_idle() const {
  const auto until = std::chrono::steady_clock::now() + test::patience;
  while (stats().at("active_sessions") != 0) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

bool Service::hides_paths(const std::string& text) const {
  for (const std::string& place :
       {folder_.path().string(), std::string(PISTE_SOURCE_DIR), std::string("/home/"), std::string("/root/"),
        std::string("/usr/"), std::string("/tmp/")}) {
    if (text.find(place) != std::string::npos) return false;
  }
  return true;
}

std::string text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

}  // namespace piste::e2e
