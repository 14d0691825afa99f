#include "app/settings.h"

#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <map>

namespace piste::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Settings of every kind, and where their values go.
struct Example {
  Example() {
    settings.whole({"T_PORT", "--port", "PORT", "the port"}, 8080, 0, 65'535,
                   [this](auto value) { port = value; });
    settings.number({"T_LIMIT", "--limit", "ms", "the limit"}, 0.65, -1, 1,
                    [this](auto value) { limit = value; });
    settings.truth({"T_SWAP", "--swap", "BOOL", "swapped"}, true, [this](auto value) { swap = value; });
    settings.choice({"T_WEAPON", "--weapon", "NAME", "the weapon"}, "sabre", {"sabre", "foil"},
                    [this](const auto& value) { weapon = value; });
    settings.text({"T_DIR", "--dir", "DIR", "the folder"}, "here",
                  [this](const auto& value) { dir = value; });
    settings.add_flags(app);
  }

  // What is wrong; empty when all was read.
  std::string read(std::vector<std::string> arguments, std::map<std::string, std::string> variables = {}) {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
    const auto done = settings.read([&](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    });
    return done ? "" : done.error().message;
  }

  Settings settings;
  CLI::App app;
  std::int64_t port = 8080;
  double limit = 0.65;
  bool swap = true;
  std::string weapon = "sabre";
  std::string dir = "here";
};

TEST(Settings, KeepInitialValuesWhenNothingIsGiven) {
  Example example;
  EXPECT_EQ(example.read({}), "");
  EXPECT_EQ(example.port, 8080);
  EXPECT_EQ(example.settings.print(), "T_PORT=8080\nT_LIMIT=0.65\nT_SWAP=true\nT_WEAPON=sabre\nT_DIR=here\n");
}

TEST(Settings, ReadTheEnvironment) {
  Example example;
  EXPECT_EQ(
      example.read(
          {},
          {{"T_PORT", "0"}, {"T_LIMIT", "-0.5"}, {"T_SWAP", "No"}, {"T_WEAPON", "FOIL"}, {"T_DIR", "/a b"}}),
      "");
  EXPECT_EQ(example.port, 0);
  EXPECT_EQ(example.limit, -0.5);
  EXPECT_FALSE(example.swap);
  EXPECT_EQ(example.weapon, "foil");
  EXPECT_EQ(example.dir, "/a b");
  EXPECT_THAT(example.settings.print(), HasSubstr("T_LIMIT=-0.5\n"));
}

TEST(Settings, FlagsWinOverTheEnvironment) {
  Example example;
  EXPECT_EQ(example.read({"--port", "9000", "--swap=off"}, {{"T_PORT", "7000"}, {"T_DIR", "there"}}), "");
  EXPECT_EQ(example.port, 9000);
  EXPECT_FALSE(example.swap);
  EXPECT_EQ(example.dir, "there");
}

TEST(Settings, FlagsTakeNegativeNumbers) {
  Example example;
  EXPECT_EQ(example.read({"--limit", "-0.25"}), "");
  EXPECT_EQ(example.limit, -0.25);
}

TEST(Settings, AnEmptyVariableIsNone) {
  Example example;
  EXPECT_EQ(example.read({}, {{"T_PORT", ""}, {"T_DIR", ""}}), "");
  EXPECT_EQ(example.port, 8080);
}

TEST(Settings, ABadVariableIsNamedWithWhatWouldBeRight) {
  for (const auto* bad :
       {"abc", "80 ", " 80", "80x", "-1", "65536", "99999999999999999999", "1e3", "0x10", "1.5"}) {
    Example example;
    EXPECT_THAT(example.read({}, {{"T_PORT", bad}}),
                AllOf(HasSubstr("T_PORT"), HasSubstr(bad), HasSubstr("a whole number from 0 to 65535")));
    EXPECT_EQ(example.port, 8080) << bad;
  }
  for (const auto* bad : {"nan", "inf", "2", "-1.01", "0,5", "."}) {
    Example example;
    EXPECT_THAT(example.read({}, {{"T_LIMIT", bad}}), HasSubstr("a number from -1 to 1")) << bad;
  }
  EXPECT_THAT(Example().read({}, {{"T_SWAP", "maybe"}}), HasSubstr("true or false"));
  EXPECT_THAT(Example().read({}, {{"T_WEAPON", "axe"}}), HasSubstr("one of sabre, foil"));
}

TEST(Settings, ABadFlagIsNamedByItsFlag) {
  Example example;
  EXPECT_THAT(example.read({"--port", "many"}, {{"T_PORT", "80"}}), HasSubstr("--port: 'many'"));
  EXPECT_THAT(Example().read({"--dir", ""}), HasSubstr("--dir"));
}

TEST(Settings, HelpNamesFlagVariableUnitAndDefault) {
  Example example;
  EXPECT_THAT(example.app.help(), AllOf(HasSubstr("--limit ms"), HasSubstr("T_LIMIT, default 0.65"),
                                        HasSubstr("the weapon: sabre, foil")));
}

}  // namespace
}  // namespace piste::app
