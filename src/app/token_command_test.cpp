#include "app/token_command.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>

#include "server/tokens.h"
#include "support/temp_dir.h"

namespace piste::app {
namespace {

struct Outcome {
  int code = 0;
  std::string out;
};

Outcome run(std::vector<std::string> arguments) {
  CLI::App app;
  Outcome outcome;
  add_token_command(app, outcome.code);
  std::reverse(arguments.begin(), arguments.end());
  testing::internal::CaptureStdout();
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    outcome.code = error.get_exit_code();
  }
  outcome.out = testing::internal::GetCapturedStdout();
  return outcome;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TokenCommand, TheFilesLineOpensForTheTokenShown) {
  const test::TempDir folder;
  const auto file = folder / "tokens";
  const auto first = run({"token", "salle-a", "--sessions", "2", "--file", file.string()});
  const auto second = run({"token", "salle-b", "--file", file.string()});
  EXPECT_EQ(first.code, 0);
  const auto list = server::TokenList::parse(content_of(file));
  ASSERT_TRUE(list);
  const auto* found = list->find(server::hash_of(first.out.substr(0, first.out.size() - 1)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "salle-a");
  EXPECT_EQ(found->max_sessions, 2u);
  EXPECT_TRUE(list->find(server::hash_of(second.out.substr(0, second.out.size() - 1))));
  EXPECT_THAT(content_of(file), testing::Not(testing::HasSubstr(first.out)));
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u) << "nobody else may read it";
}

TEST(TokenCommand, WithoutAFileItShowsTokenAndLine) {
  const auto outcome = run({"token", "salle-a"});
  const std::string token = outcome.out.substr(0, outcome.out.find('\n'));
  const auto list = server::TokenList::parse(outcome.out.substr(token.size() + 1));
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->find(server::hash_of(token)));
}

TEST(TokenCommand, RefusesWhatCannotBe) {
  EXPECT_NE(run({"token"}).code, 0);
  EXPECT_NE(run({"token", "two words"}).code, 0);
  EXPECT_NE(run({"token", "a", "--sessions", "0"}).code, 0);
  EXPECT_NE(run({"token", "a", "--file", "/nowhere/tokens"}).code, 0);
}

TEST(TokenCommand, ARoleIsInTheLine) {
  const auto outcome = run({"token", "salle-a", "--role", "viewer"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_TRUE(outcome.out.ends_with(" viewer\n")) << outcome.out;
  EXPECT_NE(run({"token", "salle-a", "--role", "king"}).code, 0);
}

}  // namespace
}  // namespace piste::app
