#include "server/multipart.h"

#include <gmock/gmock.h>

#include <vector>

namespace piste::server {
namespace {

using std::string_view_literals::operator""sv;
using testing::HasSubstr;

struct Part {
  PartHeader header;
  std::string data;
  bool ended = false;
};

// What a reader made of a body; error is empty when it was well-formed.
struct Form {
  std::vector<Part> parts;
  std::string error;
};

Form read(const std::vector<std::string_view>& pieces, std::string_view boundary = "XX") {
  Form form;
  MultipartReader reader(boundary,
                         {[&](const PartHeader& header) { form.parts.push_back({header, "", false}); },
                          [&](std::string_view data) { form.parts.back().data += data; },
                          [&] { form.parts.back().ended = true; }});
  for (const auto piece : pieces) {
    if (const auto fed = reader.feed(piece); !fed) {
      form.error = fed.error().message;
      return form;
    }
  }
  if (const auto finished = reader.finish(); !finished) form.error = finished.error().message;
  return form;
}

const std::string two_parts(
    "preamble to skip\r\n"
    "--XX\r\n"
    "Content-Disposition: form-data; name=\"video\"; filename=\"a.avi\"\r\n"
    "Content-Type: video/x-msvideo\r\n"
    "\r\n"
    "RIFF\r\n--X\r\n-- not the end\r\n\r\n--XY\0\xFF\r\n"
    "--XX  \r\n"
    "content-disposition: FORM-DATA; Name=signal\r\n"
    "\r\n"
    "\r\n--XX--\r\nepilogue"sv);

void expect_two_parts(const Form& form) {
  ASSERT_EQ(form.error, "");
  ASSERT_EQ(form.parts.size(), 2u);
  EXPECT_EQ(form.parts[0].header.name, "video");
  EXPECT_EQ(form.parts[0].header.filename, "a.avi");
  EXPECT_EQ(form.parts[0].data, "RIFF\r\n--X\r\n-- not the end\r\n\r\n--XY\0\xFF"sv);
  EXPECT_TRUE(form.parts[0].ended);
  EXPECT_EQ(form.parts[1].header.name, "signal");
  EXPECT_FALSE(form.parts[1].header.filename);
  EXPECT_EQ(form.parts[1].data, "");
  EXPECT_TRUE(form.parts[1].ended);
}

TEST(Multipart, ReadsAFormInOnePiece) {
  expect_two_parts(read({two_parts}));
}

TEST(Multipart, ReadsTheSameFromEverySplit) {
  const std::string_view body = two_parts;
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    SCOPED_TRACE(cut);
    expect_two_parts(read({body.substr(0, cut), body.substr(cut)}));
  }
}

TEST(Multipart, ReadsTheSameFromPiecesOfAnySize) {
  for (std::size_t size = 1; size < 24; ++size) {
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < two_parts.size(); at += size) {
      pieces.push_back(std::string_view(two_parts).substr(at, size));
    }
    SCOPED_TRACE(size);
    expect_two_parts(read(pieces));
  }
}

TEST(Multipart, KeepsBinaryDataBitForBit) {
  std::string data;
  for (int i = 0; i < 100'000; ++i) data += static_cast<char>(i * 7919 >> 3);
  const std::string body = "--XX\r\nContent-Disposition: form-data; name=\"v\"\r\n\r\n" + data + "\r\n--XX--";
  for (const std::size_t cut : {1u, 60u, 4096u, 99'999u, 100'040u, 100'055u}) {
    const auto form = read({std::string_view(body).substr(0, cut), std::string_view(body).substr(cut)});
    ASSERT_EQ(form.error, "");
    ASSERT_EQ(form.parts.size(), 1u);
    EXPECT_TRUE(form.parts[0].data == data) << cut;
  }
}

TEST(Multipart, ReadsQuotedNames) {
  const auto form =
      read({"--XX\r\nContent-Disposition: form-data; name=\"a\\\"b\"; filename=\"C:\\dir\\x; y.mp4\"\r\n\r\n1"
            "\r\n--XX--"});
  ASSERT_EQ(form.error, "");
  EXPECT_EQ(form.parts[0].header.name, "a\"b");
  EXPECT_EQ(form.parts[0].header.filename, "C:\\dir\\x; y.mp4");
}

TEST(Multipart, RefusesAFormThatIsCutShort) {
  for (std::size_t length = 0; length < two_parts.rfind("--XX--") + 6; ++length) {
    EXPECT_NE(read({std::string_view(two_parts).substr(0, length)}).error, "") << length;
  }
}

TEST(Multipart, RefusesWhatIsNoForm) {
  EXPECT_THAT(read({"--XXjunk\r\n"}).error, HasSubstr("line break"));
  EXPECT_THAT(read({"--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n--XX--"}).error,
              HasSubstr("Content-Disposition"));
  EXPECT_THAT(read({"--XX\r\nno colon\r\n\r\nx\r\n--XX--"}).error, HasSubstr("Content-Disposition"));
  EXPECT_THAT(read({"--XX\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\nx\r\n--XX--"}).error,
              HasSubstr("Content-Disposition"));
  EXPECT_THAT(read({"--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--"}).error,
              HasSubstr("with a name"));
  EXPECT_THAT(read({"--XX\r\n\r\n\r\nx\r\n--XX--"}).error, HasSubstr("Content-Disposition"));
  EXPECT_THAT(read({"{\"json\": true}"}).error, HasSubstr("last boundary"));
}

TEST(Multipart, BoundsHeadersAndParts) {
  EXPECT_THAT(read({"--XX\r\nX: " + std::string(9000, 'x')}).error, HasSubstr("longer than 8 KB"));
  EXPECT_THAT(read({"--XX\r\nX: " + std::string(9000, 'x') + "\r\n\r\n"}).error,
              HasSubstr("longer than 8 KB"));
  EXPECT_THAT(read({"--XX" + std::string(9000, ' ')}).error, HasSubstr("too long"));
  std::string many;
  for (int i = 0; i <= MultipartReader::max_parts; ++i) {
    many += "--XX\r\nContent-Disposition: form-data; name=\"p\"\r\n\r\nx\r\n";
  }
  EXPECT_THAT(read({many}).error, HasSubstr("more than 32 parts"));
}

TEST(Multipart, FindsTheBoundary) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=----abc").value(), "----abc");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"").value(), "a b");
  for (const auto* bad : {"", "application/json", "multipart/form-data", "multipart/form-data; boundary=",
                          "multipart/mixed; boundary=x", "multipart/form-data; boundary=\"open"}) {
    EXPECT_FALSE(multipart_boundary(bad)) << bad;
  }
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'b')));
}

}  // namespace
}  // namespace piste::server
