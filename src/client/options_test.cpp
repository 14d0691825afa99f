#include "client/options.h"

#include <gtest/gtest.h>

#include <fstream>

namespace piste::client {
namespace {

class Options : public ::testing::Test {
 protected:
  Options() {
    std::ofstream(video_) << "v";
    std::ofstream(signal_) << "s";
  }
  ~Options() override {
    std::filesystem::remove(video_);
    std::filesystem::remove(signal_);
  }

  static std::vector<const char*> line(const std::vector<std::string>& arguments) {
    std::vector<const char*> out{"program"};
    for (const auto& argument : arguments) out.push_back(argument.c_str());
    return out;
  }
  std::variant<StreamingOptions, Leave> streaming(const std::vector<std::string>& arguments) {
    const auto argv = line(arguments);
    return parse_streaming_arguments(static_cast<int>(argv.size()), argv.data());
  }
  std::variant<UploadOptions, Leave> upload(const std::vector<std::string>& arguments) {
    const auto argv = line(arguments);
    return parse_upload_arguments(static_cast<int>(argv.size()), argv.data());
  }

  static std::string unique(const std::string& name) {
    const std::string test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    return (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + test + name)).string();
  }
  const std::string video_ = unique("phrase.avi");
  const std::string signal_ = unique("phrase.txt");
};

TEST_F(Options, StreamingDefaultsAreTheGuides) {
  const auto parsed = streaming({"http://your-server:8080", "--video", video_, "--signal", signal_});
  ASSERT_TRUE(std::holds_alternative<StreamingOptions>(parsed)) << std::get<Leave>(parsed).text;
  const auto& options = std::get<StreamingOptions>(parsed);
  EXPECT_EQ(options.server.host, "your-server");
  EXPECT_EQ(options.source.video, video_);
  EXPECT_EQ(options.source.duration, 60);
  EXPECT_EQ(options.source.encoding, types::Encoding::jpeg);
  EXPECT_FALSE(options.source.jpeg_quality);
  EXPECT_FALSE(options.source.max_fps);
  EXPECT_FALSE(options.source.realtime);
  EXPECT_FALSE(options.verbose);
  EXPECT_TRUE(options.session_id.empty());
  EXPECT_EQ(options.window_frames, 64u);
}

TEST_F(Options, WhatMayWaitIsBoundedInTimeAndOnDisk) {
  const auto parsed = streaming(
      {"localhost", "--video", video_, "--signal", signal_, "--reconnect-for", "5", "--disk-mb", "3"});
  ASSERT_TRUE(std::holds_alternative<StreamingOptions>(parsed)) << std::get<Leave>(parsed).text;
  EXPECT_EQ(std::get<StreamingOptions>(parsed).reconnect_for, std::chrono::seconds(5));
  EXPECT_EQ(std::get<StreamingOptions>(parsed).disk_bytes, 3u << 20);
  for (const auto* wrong : {"-1", "much", "1e3", ""}) {
    EXPECT_TRUE(std::holds_alternative<Leave>(
        streaming({"localhost", "--video", video_, "--signal", signal_, "--disk-mb", wrong})))
        << wrong;
  }
}

TEST_F(Options, H264MayHaveABitRate) {
  const std::vector<std::string> base{"http://s", "--video", video_, "--signal", signal_};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), base.begin(), base.end());
    return streaming(more);
  };
  const auto parsed = with({"--encoding", "H264", "--bitrate", "1500"});
  ASSERT_TRUE(std::holds_alternative<StreamingOptions>(parsed)) << std::get<Leave>(parsed).text;
  EXPECT_EQ(std::get<StreamingOptions>(parsed).source.encoding, types::Encoding::h264);
  EXPECT_EQ(std::get<StreamingOptions>(parsed).source.bitrate, 1500);
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--bitrate", "1500"},
                                                {"--encoding", "h264", "--bitrate", "0"},
                                                {"--encoding", "h264", "--bitrate", "many"},
                                                {"--encoding", "h264", "--bitrate", ""}})
    EXPECT_EQ(std::get<Leave>(with(wrong)).code, 2);
}

TEST_F(Options, ATokenComesAsAFlagOrFromTheEnvironment) {
  ::setenv("REFEREE_TOKEN", "from-environment", 1);
  const auto quiet = streaming({"localhost", "--video", video_, "--signal", signal_});
  const auto said = upload({"localhost", video_, signal_, "--token", "from-flag"});
  ::unsetenv("REFEREE_TOKEN");
  EXPECT_EQ(std::get<StreamingOptions>(quiet).server.authorization, "Bearer from-environment");
  EXPECT_EQ(std::get<UploadOptions>(said).server.authorization, "Bearer from-flag");
  const auto wrong = upload({"localhost", video_, signal_, "--token", "a\r\nX-Header: b"});
  ASSERT_TRUE(std::holds_alternative<Leave>(wrong));
  EXPECT_EQ(std::get<Leave>(wrong).code, 2);
}

TEST_F(Options, StreamingTakesEveryOptionOfTheGuide) {
  const auto parsed = streaming({"https://your-server",
                                 "--camera",
                                 "0",
                                 "--signal",
                                 "/does/not/exist/yet.txt",
                                 "--duration",
                                 "12.5",
                                 "--encoding",
                                 "jpeg",
                                 "--jpeg-quality",
                                 "90",
                                 "--fps",
                                 "25",
                                 "--session-id",
                                 "custom_session_123",
                                 "--output",
                                 "result.json",
                                 "--verbose",
                                 "--weapon",
                                 "epee",
                                 "--window",
                                 "1",
                                 "--include-keypoints",
                                 "--no-overlay",
                                 "--realtime"});
  ASSERT_TRUE(std::holds_alternative<StreamingOptions>(parsed)) << std::get<Leave>(parsed).text;
  const auto& options = std::get<StreamingOptions>(parsed);
  EXPECT_EQ(options.source.camera, "0");
  EXPECT_EQ(options.source.duration, 12.5);
  EXPECT_EQ(options.source.jpeg_quality, 90);
  EXPECT_EQ(options.source.max_fps, 25);
  EXPECT_EQ(options.session_id, "custom_session_123");
  EXPECT_EQ(options.output, "result.json");
  EXPECT_TRUE(options.verbose);
  EXPECT_EQ(options.weapon, types::Weapon::epee);
  EXPECT_EQ(options.window_frames, 1u);
  EXPECT_TRUE(options.include_keypoints);
  EXPECT_FALSE(options.overlay);
  EXPECT_TRUE(options.source.realtime);
}

TEST_F(Options, WrongUsageIsSaidAndIsTwo) {
  const std::vector<std::string> good{"http://a", "--video", video_, "--signal", signal_};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), good.begin(), good.end());
    return more;
  };
  struct Case {
    std::vector<std::string> arguments;
    const char* named;
  };
  const std::vector<Case> cases{
      {{}, "server"},
      {{"http://a", "--video", video_}, "--signal"},
      {{"http://a", "--video", video_, "--signal", signal_, "--bout"}, "--bout, which has none"},
      {{"http://a", "--video", video_, "--signal", signal_, "--piste", "A"}, "--bout"},
      {{"http://a", "--camera", "0", "--bout", "--box-events", signal_}, "--video"},
      {{"http://a", "--video", video_, "--bout", "--piste", "../A"}, "--piste"},
      {{"http://a", "--signal", signal_}, "--video"},
      {{"ftp://a", "--video", video_, "--signal", signal_}, "scheme"},
      {{"http://a", "--video", "/no/such.avi", "--signal", signal_}, "/no/such.avi"},
      {with({"--camera", "0"}), "--camera"},
      {with({"--encoding", "bmp"}), "jpeg, png, raw"},
      {with({"--jpeg-quality", "0"}), "--jpeg-quality"},
      {with({"--jpeg-quality", "101"}), "--jpeg-quality"},
      {with({"--fps", "-1"}), "--fps"},
      {with({"--fps", "0.5"}), "from 1 to 1000"},
      {with({"--fps", "nan"}), "--fps"},
      {with({"--duration", "0"}), "--duration"},
      {with({"--window", "0"}), "--window"},
      {with({"--weapon", "axe"}), "epee, foil, sabre"},
      {with({"--session-id", "../x"}), "session_id"},
      {with({"--session-id", "a/b"}), "session_id"},
      {with({"--session-id", "a\\b"}), "'\\'"},
      {with({"--session-id", std::string(129, 'a')}), "session_id"},
      {with({"--ca", "/no/such.pem"}), "--ca"},
      {with({"--output", "/no/such/folder/result.json"}), "/no/such/folder"},
      {with({"--output", std::filesystem::temp_directory_path().string()}), "is a folder"},
      {with({"--no-such-option"}), "--no-such-option"},
  };
  for (const Case& c : cases) {
    const auto parsed = streaming(c.arguments);
    ASSERT_TRUE(std::holds_alternative<Leave>(parsed)) << c.named;
    EXPECT_EQ(std::get<Leave>(parsed).code, 2) << c.named;
    EXPECT_NE(std::get<Leave>(parsed).text.find(c.named), std::string::npos) << std::get<Leave>(parsed).text;
  }
}

TEST_F(Options, HelpIsNoFailureAndNamesTheOptions) {
  const auto parsed = streaming({"--help"});
  ASSERT_TRUE(std::holds_alternative<Leave>(parsed));
  EXPECT_EQ(std::get<Leave>(parsed).code, 0);
  for (const char* option : {"--video", "--signal", "--camera", "--duration", "--session-id", "--encoding",
                             "--jpeg-quality", "--fps", "--output", "--verbose", "--realtime", "--window"}) {
    EXPECT_NE(std::get<Leave>(parsed).text.find(option), std::string::npos) << option;
  }
}

TEST_F(Options, AnUploadNeedsNoLog) {
  const auto without =
      upload({"http://server", video_, "--lamps", "1,2,30,40", "--hit", "left@3.19", "--hit", "right@3.32"});
  ASSERT_TRUE(std::holds_alternative<UploadOptions>(without));
  EXPECT_TRUE(std::get<UploadOptions>(without).signal.empty());
  EXPECT_EQ(std::get<UploadOptions>(without).lamps, "1,2,30,40");
  EXPECT_EQ(std::get<UploadOptions>(without).hits, "left@3.19,right@3.32");
  for (const auto& [option, wrong] : {std::pair{"--lamps", "here"}, {"--hit", "left"}})
    EXPECT_TRUE(std::holds_alternative<Leave>(upload({"http://server", video_, option, wrong}))) << option;
  EXPECT_TRUE(std::holds_alternative<Leave>(upload({"http://server", video_, signal_, "--hit", "left@1"})));
}

TEST_F(Options, APersonMarksTheFencersOrThePiste) {
  const auto marked =
      upload({"http://server", video_, "--fencers", "5,6,1,2", "--piste-corners", "0,0,9,0,9,9"});
  ASSERT_TRUE(std::holds_alternative<UploadOptions>(marked));
  const auto& marks = std::get<UploadOptions>(marked).marks;
  EXPECT_EQ(types::to_string(marks.fencers.value()), "1,2,5,6");
  EXPECT_EQ(types::to_string(marks.piste), "0,0,9,0,9,9");
  for (const auto& [option, wrong] : {std::pair{"--fencers", "1,2"}, {"--piste-corners", "0,0,1,1,2,2"}})
    EXPECT_TRUE(std::holds_alternative<Leave>(upload({"http://server", video_, option, wrong}))) << option;
}

TEST_F(Options, UploadAsInTheGuide) {
  const auto parsed = upload({"http://server:8080", video_, signal_, "--no-overlay", "--include-keypoints"});
  ASSERT_TRUE(std::holds_alternative<UploadOptions>(parsed)) << std::get<Leave>(parsed).text;
  const auto& options = std::get<UploadOptions>(parsed);
  EXPECT_EQ(options.video, video_);
  EXPECT_EQ(options.signal, signal_);
  EXPECT_FALSE(options.overlay);
  EXPECT_TRUE(options.include_keypoints);
  EXPECT_TRUE(std::holds_alternative<UploadOptions>(upload({"http://server", "--health"})));
  EXPECT_TRUE(std::holds_alternative<Leave>(upload({"http://server"})));
  const auto without_log = upload({"http://server", video_});
  ASSERT_TRUE(std::holds_alternative<UploadOptions>(without_log));
  EXPECT_TRUE(std::get<UploadOptions>(without_log).signal.empty());
}

TEST_F(Options, SmartPassesItsOptionsToBothWays) {
  const std::vector<std::string> arguments{"http://server", video_, signal_,    "--realtime",
                                           "--weapon",      "foil", "--output", "r.json"};
  const auto argv = line(arguments);
  const auto parsed = parse_smart_arguments(static_cast<int>(argv.size()), argv.data());
  ASSERT_TRUE(std::holds_alternative<SmartOptions>(parsed)) << std::get<Leave>(parsed).text;
  const auto& smart = std::get<SmartOptions>(parsed);
  EXPECT_EQ(smart.upload.weapon, types::Weapon::foil);
  const StreamingOptions options = streaming_options(smart);
  EXPECT_EQ(options.source.video, video_);
  EXPECT_EQ(options.signal, signal_);
  EXPECT_EQ(options.output, "r.json");
  EXPECT_TRUE(options.source.realtime);
}

}  // namespace
}  // namespace piste::client
