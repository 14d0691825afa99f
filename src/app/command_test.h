// A command of `referee`, called as its user calls it; a folder of its own is there. For tests.
#pragma once

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "support/temp_dir.h"

namespace piste::app {

class CommandTest : public testing::Test {
 protected:
  using Add = void (*)(CLI::App& app, int& exit_code);

  CommandTest(std::string command, Add add) : command_(std::move(command)), add_(add) {}

  // The exit code; 100 and CLI11's where the line itself is refused. What it says on stderr is kept in
  // `said`.
  int run(const std::string& arguments) {
    CLI::App app;
    int exit_code = -1;
    add_(app, exit_code);
    testing::internal::CaptureStderr();
    try {
      app.parse(command_ + " " + arguments);
    } catch (const CLI::ParseError& error) {
      exit_code = 100 + error.get_exit_code();
    }
    said = testing::internal::GetCapturedStderr();
    return exit_code;
  }

  std::string path(const char* name) const { return (folder / name).string(); }

  static std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const test::TempDir folder;
  std::string said;

 private:
  const std::string command_;
  const Add add_;
};

}  // namespace piste::app
