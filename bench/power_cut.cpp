#include "power_cut.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace piste::bench {
namespace {

namespace fs = std::filesystem;

struct Entry {
  bool is_folder = false;
  ino_t inode = 0;
};
using Names = std::map<std::string, Entry>;

struct Disk {
  std::map<ino_t, std::uintmax_t> files;  // how many of their bytes
  std::map<ino_t, Names> folders;
};

ino_t inode_of(const fs::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) throw std::runtime_error("cannot look at " + path.string());
  return status.st_ino;
}

Disk read(const fs::path& notes) {
  Disk disk;
  std::ifstream lines(notes);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind;
    ino_t inode = 0;
    words >> kind >> inode;
    if (kind == "file") {
      words >> disk.files[inode];
      continue;
    }
    Names names;
    Entry entry;
    for (std::string type, name; words >> type >> entry.inode >> name;) {
      entry.is_folder = type == "d";
      names[name] = entry;
    }
    disk.folders[inode] = std::move(names);
  }
  return disk;
}

Names names_in(const fs::path& folder) {
  Names names;
  for (const auto& entry : fs::directory_iterator(folder))
    names[entry.path().filename().string()] = {entry.is_directory(), inode_of(entry.path())};
  return names;
}

class Restorer {
 public:
  Restorer(Disk disk, fs::path notes, std::minstd_rand& random)
      : disk_(std::move(disk)), notes_(std::move(notes)), random_(random) {}

  // now: where the folder is still there as it was in the page cache; else empty.
  void restore(ino_t folder, const fs::path& now, const fs::path& into) {
    Names names = disk_.folders[folder];
    // The system may have written names that nobody asked for, each folder's all or none.
    if (!now.empty() && random_() % 2 == 0) names = names_in(now);
    fs::create_directory(into);
    for (const auto& [name, entry] : names) {
      if (!entry.is_folder) {
        restore_file(entry.inode, now.empty() ? now : now / name, into / name);
        continue;
      }
      const bool there = !now.empty() && fs::is_directory(now / name) && inode_of(now / name) == entry.inode;
      restore(entry.inode, there ? now / name : fs::path(), into / name);
    }
  }

 private:
  void restore_file(ino_t inode, const fs::path& now, const fs::path& into) {
    fs::path source = notes_.string() + "." + std::to_string(inode);
    if (!fs::exists(source)) source = now;
    std::ofstream to(into, std::ios::binary);
    if (source.empty() || !fs::is_regular_file(source)) return;
    const std::uintmax_t written = fs::file_size(source);
    const std::uintmax_t synced = std::min(disk_.files[inode], written);
    const auto size = synced + (random_() % 2 == 0 ? 0 : random_() % (written - synced + 1));
    std::string bytes(size, '\0');
    std::ifstream(source, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(size));
    to << bytes;
  }

  Disk disk_;
  const fs::path notes_;
  std::minstd_rand& random_;
};

// All of it is on the disk.
void note_all(const fs::path& folder, const fs::path& path, std::ostream& notes) {
  std::string line = "folder " + std::to_string(inode_of(folder));
  for (const auto& [name, entry] : names_in(folder)) {
    line += (entry.is_folder ? " d " : " f ") + std::to_string(entry.inode) + " " + name;
    if (entry.is_folder) {
      note_all(folder / name, path, notes);
      continue;
    }
    fs::create_hard_link(folder / name, path.string() + "." + std::to_string(entry.inode));
    notes << "file " << entry.inode << " " << fs::file_size(folder / name) << "\n";
  }
  notes << line << "\n";
}

}  // namespace

PowerCut::PowerCut(fs::path shim, fs::path folder)
    : shim_(std::move(shim)), folder_(std::move(folder)), notes_(folder_.string() + ".notes/disk") {
  fs::create_directories(notes_.parent_path());
}

std::vector<std::string> PowerCut::environment() const {
  return {"LD_PRELOAD=" + shim_.string(), "PISTE_POWER=" + notes_.string(),
          "ASAN_OPTIONS=verify_asan_link_order=0"};
}

void PowerCut::cut(std::minstd_rand& random) {
  const fs::path before = folder_.string() + ".before";
  fs::rename(folder_, before);
  Restorer(read(notes_), notes_, random).restore(inode_of(before), before, folder_);
  fs::remove_all(before);
  fs::remove_all(notes_.parent_path());
  fs::create_directories(notes_.parent_path());
  std::ofstream notes(notes_);
  note_all(folder_, notes_, notes);
}

}  // namespace piste::bench
