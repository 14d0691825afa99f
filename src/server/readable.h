// Bytes that are an answer's body, wherever they are.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace piste::server {

class Readable {
 public:
  virtual ~Readable() = default;
  virtual std::uint64_t size() const = 0;
  // Strong: another one for each content.
  virtual const std::string& etag() const = 0;
  // Fills the room from there on; how much came, 0 at the end or after an error. One call at a time.
  virtual std::size_t read(std::uint64_t from, std::span<char> room) const = 0;
  // Whether they come over the network: who waits for that must hold nobody else up.
  virtual bool far() const = 0;
};

}  // namespace piste::server
