#include "types/names.h"

#include <gtest/gtest.h>

namespace piste::types {
namespace {

TEST(Names, AWeaponInAnyCaseAndSpelling) {
  for (const char* name : {"sabre", "Sabre", "SABRE", "saber", " sabre\n"}) {
    EXPECT_EQ(weapon_named(name), Weapon::sabre) << name;
  }
  for (const char* name : {"foil", "Foil", "FOIL"}) EXPECT_EQ(weapon_named(name), Weapon::foil) << name;
  for (const char* name :
       {"epee", "Epee", "EPEE", "\u00e9p\u00e9e", "\u00c9p\u00e9e", "\u00c9P\u00c9E", "e\u0301pe\u0301e"}) {
    EXPECT_EQ(weapon_named(name), Weapon::epee) << name;
  }
  for (const char* name : {"", " ", "axe", "sabre2", "foil,epee"}) EXPECT_FALSE(weapon_named(name)) << name;
}

TEST(Names, AnEncodingInAnyCaseAndSpelling) {
  for (const char* name : {"jpeg", "JPEG", "Jpg", "image/jpeg", "IMAGE/JPEG", "image/jpg", ".jpg", " jpeg ",
                           "mjpeg", "MJPG", "image/jpeg; q=0.9"}) {
    EXPECT_EQ(encoding_named(name), Encoding::jpeg) << name;
  }
  for (const char* name : {"png", "PNG", "image/png", ".png"})
    EXPECT_EQ(encoding_named(name), Encoding::png) << name;
  for (const char* name : {"raw", "RAW", "bgr24", "BGR24"})
    EXPECT_EQ(encoding_named(name), Encoding::raw) << name;
  for (const char* name :
       {"h264", "H264", "H.264", "avc", "avc1", "avc1.42E01E", "video/h264", "video/avc"}) {
    EXPECT_EQ(encoding_named(name), Encoding::h264) << name;
  }
  for (const char* name :
       {"", "image/", "h265", "hevc", "webp", "image/webp", "rgb24", "jpeg2000", "image/image/jpeg", "gif"}) {
    EXPECT_FALSE(encoding_named(name)) << name;
  }
}

}  // namespace
}  // namespace piste::types
