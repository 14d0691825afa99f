#include "client/upload_command.h"

#include <gmock/gmock.h>

#include <fstream>
#include <stdexcept>

#include "support/process.h"
#include "support/temp_dir.h"

namespace piste::client {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

StreamingOptions parsed(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), {"referee_client_streaming"});
  const auto read = parse_streaming_arguments(static_cast<int>(arguments.size()), arguments.data());
  if (const auto* leave = std::get_if<Leave>(&read)) throw std::runtime_error(leave->text);
  return std::get<StreamingOptions>(read);
}

TEST(UploadAdvice, IsTheCommandWithTheSameOptions) {
  const test::TempDir folder;
  const std::string ca = (folder / "ca.pem").string();
  std::ofstream(ca) << "certificate";
  const auto options =
      parsed({"https://club.example:8443/piste-1", "--camera", "0", "--signal", "phrase.txt", "--weapon",
              "foil", "--include-keypoints", "--no-overlay", "--output", "r.json", "--ca", ca.c_str()});
  EXPECT_EQ(upload_advice(options, "phrase_1.mkv"),
            "to send it later: referee_client https://club.example:8443/piste-1 phrase_1.mkv "
            "phrase.txt --ca " +
                ca + " --weapon foil --include-keypoints --no-overlay --output r.json");
}

// What the command has, referee_client reads: through a real shell, for the quotes.
TEST(UploadAdvice, AShellReadsItBack) {
  const test::TempDir folder;
  const std::string video = (folder / "it's a $(touch x) phrase.mkv").string();
  auto options = parsed({"http://[2001:db8::1]:8080", "--camera", "0", "--signal", "my log.txt"});
  const std::string advice = upload_advice(options, video);
  const std::string command = advice.substr(advice.find(": ") + 2);
  const auto ended = test::run(
      {"/bin/sh", {"-c", "referee_client() { printf '%s\n' \"$@\"; }; " + command}, {}, folder.path()});
  EXPECT_EQ(ended.out, "http://[2001:db8::1]:8080\n" + video + "\nmy log.txt\n") << command;
}

TEST(UploadAdvice, SaysWhereSecretsGoAndNotWhatTheyAre) {
  const auto advice = [](const char* url, std::vector<const char*> more = {}) {
    more.insert(more.begin(), {url, "--camera", "0", "--signal", "log.txt"});
    return upload_advice(parsed(more), "v.mkv");
  };
  const std::string with_token = advice("http://club.example", {"--token", "s3cret"});
  EXPECT_THAT(with_token,
              HasSubstr("with the token in REFEREE_TOKEN: referee_client http://club.example v.mkv"));
  EXPECT_THAT(with_token, Not(HasSubstr("s3cret")));
  const std::string with_url = advice("http://me:s3cret@club.example?token=t0ken");
  EXPECT_THAT(with_url, HasSubstr("user and password"));
  EXPECT_THAT(with_url, HasSubstr("with ?"));
  EXPECT_THAT(with_url, Not(HasSubstr("s3cret")));
  EXPECT_THAT(with_url, Not(HasSubstr("t0ken")));
  EXPECT_THAT(advice("http://club.example"), HasSubstr("to send it later: referee_client"));
}

}  // namespace
}  // namespace piste::client
