// Loaded before a service (LD_PRELOAD): notes in the file that PISTE_POWER names what would be there after a
// power cut, and keeps a hard link of each file that is known by then beside it. power_cut.h reads it. A file
// is on the disk as far as its last fdatasync, a name as of its folder's last fsync.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace {

const std::string& journal_path() {
  static const std::string path = [] {
    const char* set = std::getenv("PISTE_POWER");
    return std::string(set ? set : "");
  }();
  return path;
}

// In one write, so that those of several processes do not mix.
void note(const std::string& line) {
  static const int file = ::open(journal_path().c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
}

// The content outlives its name.
void keep(const char* path, ino_t inode) {
  const std::string kept = journal_path() + "." + std::to_string(inode);
  static_cast<void>(::linkat(AT_FDCWD, path, AT_FDCWD, kept.c_str(), AT_SYMLINK_FOLLOW));
}

void note_folder(int folder, ino_t own) {
  const std::string path = "/proc/self/fd/" + std::to_string(folder) + "/";
  DIR* const entries = ::opendir(path.c_str());
  if (!entries) return;
  std::string line = "folder " + std::to_string(own);
  while (const dirent* entry = ::readdir(entries)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const bool is_folder = entry->d_type == DT_DIR;
    if (!is_folder) keep((path + name).c_str(), entry->d_ino);
    line += (is_folder ? " d " : " f ") + std::to_string(entry->d_ino) + " " + name;
  }
  ::closedir(entries);
  note(line + "\n");
}

// The disk itself need not be waited for.
int noted(int file) {
  struct stat status{};
  if (::fstat(file, &status) != 0) return -1;
  if (S_ISDIR(status.st_mode)) {
    note_folder(file, status.st_ino);
  } else if (S_ISREG(status.st_mode)) {
    keep(("/proc/self/fd/" + std::to_string(file)).c_str(), status.st_ino);
    note("file " + std::to_string(status.st_ino) + " " + std::to_string(status.st_size) + "\n");
  }
  return 0;
}

}  // namespace

extern "C" int fsync(int file) {
  return noted(file);
}
extern "C" int fdatasync(int file) {
  return noted(file);
}
