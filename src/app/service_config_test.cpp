#include "app/service_config.h"

#include <gmock/gmock.h>

#include <map>
#include <regex>
#include <sstream>

namespace piste::app {
namespace {

using testing::HasSubstr;

base::Result<ServiceConfig, Exit> read(std::vector<std::string> arguments,
                                       std::map<std::string, std::string> variables = {}) {
  return read_service_config(std::move(arguments),
                             [=](const std::string& name) -> std::optional<std::string> {
                               const auto found = variables.find(name);
                               if (found == variables.end()) return std::nullopt;
                               return found->second;
                             });
}

TEST(ServiceConfig, HasTheGuidesDefaults) {
  const auto config = read({});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->limits.max_sessions, 10u);
  EXPECT_EQ(config->limits.max_memory_bytes, 2048ull << 20);
  EXPECT_EQ(config->limits.idle_timeout, std::chrono::seconds(300));
  EXPECT_EQ(config->server.host, "127.0.0.1");
  EXPECT_EQ(config->server.port, 8080);
  EXPECT_EQ(config->log_level, "INFO");
  EXPECT_TRUE(config->engine.options.sides_swapped);
  EXPECT_TRUE(config->engine.options.live);
}

TEST(ServiceConfig, ReadsTheGuidesVariables) {
  const auto config = read({}, {{"REFEREE_MAX_STREAMING_SESSIONS", "3"},
                                {"REFEREE_MAX_STREAMING_MEMORY_MB", "64"},
                                {"REFEREE_STREAMING_SESSION_TIMEOUT", "20"},
                                {"REFEREE_HOST", "0.0.0.0"},
                                {"REFEREE_LOG_LEVEL", "debug"}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->limits.max_sessions, 3u);
  EXPECT_EQ(config->limits.max_memory_bytes, 64u << 20);
  EXPECT_EQ(config->limits.idle_timeout, std::chrono::seconds(20));
  EXPECT_EQ(config->server.host, "0.0.0.0");
  EXPECT_EQ(config->log_level, "DEBUG");
}

TEST(ServiceConfig, NothingIsRemovedUnlessASettingSaysSo) {
  EXPECT_EQ(read({})->limits.retention.age.count(), 0);
  EXPECT_EQ(read({})->limits.retention.bytes, 0u);
  const auto config = read({"--retention-days", "30", "--fsync", "frame"}, {{"REFEREE_RETENTION_GB", "2"}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->limits.retention.age, std::chrono::hours(720));
  EXPECT_EQ(config->limits.retention.bytes, 2ull << 30);
  EXPECT_EQ(config->limits.fsync, session::Fsync::frame);
  EXPECT_FALSE(read({"--fsync", "sometimes"}));
}

TEST(ServiceConfig, FlagsSetTheUnitsTheyName) {
  const auto config = read({"--max-frame-mb", "2", "--stop-timeout", "7", "--signal-offset-ms", "-250",
                            "--analysis", "after-end", "--weapon", "foil", "--max-upload-mb=3"});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->limits.max_frame_bytes, 2u << 20);
  EXPECT_EQ(config->server.stop_timeout, std::chrono::seconds(7));
  EXPECT_EQ(config->engine.options.signal_offset, -0.25);
  EXPECT_FALSE(config->engine.options.live);
  EXPECT_EQ(config->engine.options.weapon, types::Weapon::foil);
  EXPECT_EQ(config->server.max_upload_bytes, 3u << 20);
}

TEST(ServiceConfig, EveryVariableRefusesNonsenseByName) {
  const auto printed = read({"--print-config"});
  ASSERT_FALSE(printed);
  EXPECT_EQ(printed.error().code, Exit::print);
  std::istringstream lines(printed.error().message);
  int checked = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find('='));
    ASSERT_TRUE(std::regex_match(name, std::regex("REFEREE_[A-Z0-9_]+"))) << line;
    const bool free_text =
        std::regex_search(name, std::regex("HOST|DIR|LENS|YOLO|FILE|TLS|PROXIES|ORIGINS|BOXES|S3"));
    const auto config = read({}, {{name, "12 monkeys"}});
    EXPECT_EQ(bool(config), free_text) << name;
    if (config) continue;
    EXPECT_EQ(config.error().code, Exit::usage);
    EXPECT_THAT(config.error().message, HasSubstr(name));
    ++checked;
  }
  EXPECT_GE(checked, 15);
}

TEST(ServiceConfig, ListensToThisMachineOnlyUnlessTokensOrTheUserSayOtherwise) {
  EXPECT_EQ(read({})->server.host, "127.0.0.1");
  EXPECT_EQ(read({"--insecure"})->server.host, "0.0.0.0");
  EXPECT_EQ(read({"--tokens-file", "tokens"})->server.host, "0.0.0.0");
  EXPECT_EQ(read({"--insecure"}, {{"REFEREE_HOST", "192.0.2.1"}})->server.host, "192.0.2.1");
  EXPECT_THAT(read({"--insecure", "--print-config"}).error().message, HasSubstr("REFEREE_HOST=0.0.0.0\n"));
}

TEST(ServiceConfig, HelpListsEverySetting) {
  const auto help = read({"--help"});
  const auto printed = read({"--print-config"});
  ASSERT_FALSE(help);
  EXPECT_EQ(help.error().code, Exit::print);
  std::istringstream lines(printed.error().message);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(help.error().message, HasSubstr(line.substr(0, line.find('='))));
  }
}

TEST(ServiceConfig, AnUnknownFlagIsAUsageError) {
  const auto config = read({"--prot", "80"});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, Exit::usage);
  EXPECT_THAT(config.error().message, HasSubstr("--prot"));
}

TEST(FindModels, NamesTheSettingWhenAModelIsMissing) {
  EngineConfig config;
  config.models_dir = "/nonexistent";
  const auto found = find_models(config, "/nonexistent/bin/referee_service");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Exit::usage);
  EXPECT_THAT(found.error().message, HasSubstr("REFEREE_MODELS_DIR"));
  config.yolo_model = "/nonexistent.onnx";
  EXPECT_THAT(find_models(config, "/nonexistent/bin/x").error().message, HasSubstr("REFEREE_YOLO_MODEL"));
}

TEST(FindModels, FindsThemBesideABuildAndBesideAnInstallation) {
  const std::filesystem::path source(PISTE_SOURCE_DIR);
  EngineConfig config;
  ASSERT_TRUE(find_models(config, source / "build/bin/referee_service"));
  EXPECT_TRUE(std::filesystem::exists(config.options.detector_model));
  EXPECT_TRUE(std::filesystem::exists(config.options.pose_model));

  const auto root = std::filesystem::path(testing::TempDir()) / "find_models";
  std::filesystem::create_directories(root / "share/piste");
  std::filesystem::create_directories(root / "bin");
  std::filesystem::remove(root / "share/piste/models");
  std::filesystem::create_directory_symlink(source / "models", root / "share/piste/models");
  EXPECT_TRUE(find_models(config, root / "bin/referee_service"));
  std::filesystem::remove_all(root);
}

TEST(ServiceConfig, TheStoreHasThreeSettings) {
  const auto none = read({});
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->s3.url.empty());
  EXPECT_FALSE(none->limits.retention.stored_only);
  const auto config = read({"--s3-region", "eu-central-1"}, {{"REFEREE_S3", "https://s3.example/bucket"},
                                                             {"REFEREE_S3_REGION", "elsewhere"},
                                                             {"REFEREE_S3_CREDENTIALS", "/etc/piste/s3"}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->s3.url, "https://s3.example/bucket");
  EXPECT_EQ(config->s3.region, "eu-central-1") << "the option wins";
  EXPECT_EQ(config->s3.credentials, "/etc/piste/s3");
  EXPECT_TRUE(config->limits.retention.stored_only) << "nothing goes that is nowhere else";
}

TEST(ServiceConfig, AClustersPasswordIsShownToNobody) {
  const auto config =
      read({}, {{"REFEREE_CLUSTER", "postgresql://piste:secret@db/piste"}, {"REFEREE_NODE_ID", "node-1"}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->cluster.url, "postgresql://piste:secret@db/piste");
  EXPECT_EQ(config->cluster.node, "node-1");
  for (const char* url :
       {"postgresql://piste:secret@db/piste", "postgresql://piste@db/piste?password=secret",
        "postgres://piste@db,db2:5433/piste?sslmode=require&password=secret&application_name=x",
        "postgresql://piste:secret/secret@db/piste", "postgresql://piste:secret?secret@db/piste",
        "postgresql://piste:secret@secret@db/piste", "postgresql://piste@db:5432/piste?password=@secret"}) {
    const auto shown = read({"--print-config"}, {{"REFEREE_CLUSTER", url}});
    ASSERT_FALSE(shown);
    EXPECT_THAT(shown.error().message, testing::Not(HasSubstr("secret"))) << url;
    EXPECT_THAT(shown.error().message, HasSubstr("REFEREE_CLUSTER=postgres"));
  }
}

TEST(ServiceConfig, AWrongAddressOfAClusterIsNotRepeated) {
  const auto config = read({}, {{"REFEREE_CLUSTER", "mysql://piste:secret@db/piste"}});
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, testing::Not(HasSubstr("secret")));
  EXPECT_THAT(config.error().message,
              HasSubstr("REFEREE_CLUSTER: what was given is not right; give postgresql://"));
}

TEST(ServiceConfig, ANodeHasANameForPeople) {
  EXPECT_FALSE(read({})->cluster.node.empty()) << "the machine's";
  EXPECT_FALSE(read({}, {{"REFEREE_NODE_ID", "with blanks"}}));
}

}  // namespace
}  // namespace piste::app
