// How much memory a process has, as the system tells.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

namespace piste::test {

// field: VmRSS, what it has now, or VmHWM, the most it had. process: an id or "self". 0: there is none such.
inline std::uint64_t process_memory(const std::string& process, const std::string& field) {
  std::ifstream status("/proc/" + process + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stoull(line.substr(field.size() + 1)) * 1024;
  }
  return 0;
}

}  // namespace piste::test
