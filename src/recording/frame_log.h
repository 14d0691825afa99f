// The frames of one phrase on disk, appended as they are accepted: what is acknowledged is in here, and
// memory need not hold it. docs/frame-log.md has the layout: a file header, twice, then records of header
// (number, timestamp, encoding, size, CRC32C) and bytes.
//
// Threads: append() by one thread at a time; read(), entries() and size() by any, also during append().
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "recording/disk.h"
#include "types/frame.h"

namespace piste::recording {

enum class ErrorCode {
  io,       // the file cannot be opened, read or written
  full,     // no space left on the disk
  corrupt,  // a record's checksum or header is wrong
  sync,     // what was written before may not reach the disk: for good
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

enum class Durable {
  no,   // survives the process
  yes,  // and a crash of the machine: on the disk when the call returns
};

// What the log is of; stored in its file header.
struct Description {
  int width = 0;
  int height = 0;
  double fps = 0;
};

struct Entry {
  std::int64_t number = 0;
  std::optional<double> timestamp;
  types::Encoding encoding = types::Encoding::jpeg;
  std::uint64_t offset = 0;  // of the bytes in the file
  std::uint32_t size = 0;
  std::uint32_t crc32c = 0;
  bool key = true;  // see types::EncodedFrame
};

class FrameLog {
 public:
  // The disk outlives the log.
  static Result<std::unique_ptr<FrameLog>> create(const std::filesystem::path& path,
                                                  const Description& description,
                                                  Durable each_frame = Durable::no,
                                                  Disk& disk = system_disk());
  // Reads an existing log. What is damaged is left out, and costs itself alone; a torn tail is cut off at the
  // last record whose checksum holds.
  static Result<std::unique_ptr<FrameLog>> open(const std::filesystem::path& path,
                                                Durable each_frame = Durable::no, Disk& disk = system_disk());
  virtual ~FrameLog() = default;

  virtual const Description& description() const = 0;
  // Written to the file (page cache; with each_frame the disk) when it returns. A failed append leaves the
  // log as it was. Fails for good once a sync has failed: the system then forgets what it could not write.
  virtual Result<base::Done> append(const types::EncodedFrame& frame) = 0;
  // All that was appended is on the disk when it returns. Once it has failed, it fails for good. Any thread,
  // also during append().
  virtual Result<base::Done> sync() const = 0;
  virtual Result<base::Done> state() const = 0;                           // an error once a sync has failed
  virtual std::size_t size() const = 0;                                   // number of records
  virtual std::uint64_t bytes() const = 0;                                // of the file
  virtual std::vector<Entry> entries() const = 0;                         // in order of arrival
  virtual Entry entry(std::size_t index) const = 0;                       // precondition: index < size()
  virtual Result<types::EncodedFrame> read(std::size_t index) const = 0;  // checks the checksum
};

}  // namespace piste::recording
