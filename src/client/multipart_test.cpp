#include "client/multipart.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace piste::client {
namespace {

class Multipart : public ::testing::Test {
 protected:
  Multipart()
      : directory_(std::filesystem::temp_directory_path() / ("multipart" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
  }
  ~Multipart() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path file(const std::string& name, const std::string& content) {
    std::ofstream(directory_ / name, std::ios::binary) << content;
    return directory_ / name;
  }

  const std::filesystem::path directory_;
};

TEST_F(Multipart, PiecesAreSmallAndMakeTheWholeForm) {
  const std::string large(3 * MultipartBody::piece_bytes + 17, 'v');
  MultipartForm form;
  form.fields = {{"save_overlay", "false"}};
  form.files = {{"signal", file("p.txt", "log")}, {"video", file("a\"b.avi", large)}};
  auto body = MultipartBody::create(form);
  ASSERT_TRUE(body);
  const std::string boundary = body->content_type().substr(body->content_type().find('=') + 1);

  std::string whole;
  for (;;) {
    auto piece = body->next();
    ASSERT_TRUE(piece);
    if (!*piece) break;
    EXPECT_LE((*piece)->size(), MultipartBody::piece_bytes);
    whole += **piece;
  }
  const std::string octets = "\r\nContent-Type: application/octet-stream\r\n\r\n";
  const std::string head = "--" + boundary + "\r\nContent-Disposition: form-data; name=";
  EXPECT_EQ(whole, head + "\"save_overlay\"\r\n\r\nfalse\r\n" +                        //
                       head + "\"signal\"; filename=\"p.txt\"" + octets + "log\r\n" +  //
                       head + "\"video\"; filename=\"a%22b.avi\"" + octets + large + "\r\n--" + boundary +
                       "--\r\n");
  EXPECT_EQ(body->size(), whole.size());
}

TEST_F(Multipart, AnEmptyFileIsAnEmptyPart) {
  MultipartForm form;
  form.files = {{"video", file("empty.avi", "")}};
  auto body = MultipartBody::create(form);
  ASSERT_TRUE(body);
  std::size_t size = 0;
  for (auto piece = body->next(); piece && *piece; piece = body->next()) size += (*piece)->size();
  EXPECT_EQ(size, body->size());
}

TEST_F(Multipart, AFileThatIsGoneOrShrinksIsAnError) {
  MultipartForm form;
  form.files = {{"video", directory_ / "missing.avi"}};
  EXPECT_FALSE(MultipartBody::create(form));
  form.files = {{"video", file("shrinks.avi", "0123456789")}};
  auto body = MultipartBody::create(form);
  ASSERT_TRUE(body);
  file("shrinks.avi", "0");
  ASSERT_TRUE(body->next());
  EXPECT_FALSE(body->next());
}

}  // namespace
}  // namespace piste::client
