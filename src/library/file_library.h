// The library of one node: a file of SQLite's beside the phrases' folders. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "library/library.h"

namespace piste::library {

class Database;

class FileLibrary final : public Library {
 public:
  // A file that is missing, damaged or of an unknown version is begun anew.
  static Result<std::unique_ptr<FileLibrary>> open(const std::filesystem::path& file);
  ~FileLibrary() override;

  Result<base::Done> put(const Phrase& phrase) override;
  Result<base::Done> remove(std::string_view folder) override;
  std::optional<Phrase> newest(std::string_view owner, std::string_view id) const override;
  Result<std::vector<Phrase>> list(const Wanted& wanted) const override;

  bool has(std::string_view folder) const;
  std::optional<Phrase> find(std::string_view folder) const;
  std::vector<std::string> folders() const;

 private:
  explicit FileLibrary(std::unique_ptr<Database> database);
  const std::unique_ptr<Database> database_;
};

}  // namespace piste::library
