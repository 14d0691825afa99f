# What the project needs from Debian, by name. docs/dependencies.md says why. Sourced by tools/setup.sh.

# To build and run the programs.
BUILD_PACKAGES=(
  g++ cmake ninja-build ccache pkg-config
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libssl-dev
  libcli11-dev libspdlog-dev prometheus-cpp-dev zlib1g-dev
  libturbojpeg0-dev libpng-dev
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libavdevice-dev
  libopencv-core-dev libopencv-imgproc-dev
  libxlsxwriter-dev libmosquitto-dev libseccomp-dev libqrencode-dev libsqlite3-dev libpq-dev brotli
)

# To make a Debian package.
PACKAGE_PACKAGES=(dpkg-dev file)

# To test and measure. chromium is 400 MB with what it needs, and runs the page as its users do.
TEST_PACKAGES=(
  libgtest-dev libgmock-dev libbenchmark-dev
  openssl nginx-light haproxy postgresql-15 node-ws libwebsockets-dev mosquitto
  python3 python3-numpy python3-opencv python3-websockets python3-jsonschema python3-yaml ffmpeg curl unzip chromium
)

LINT_PACKAGES=(clang-format-19 clang-tidy-19)

# To fuzz. The compiler is large, so who only tests does without.
FUZZ_PACKAGES=(clang-19 libclang-rt-19-dev)

# What the page is built with, from npm: package, version, SHA-256 of its archive. Programs are plain binaries; no Node runs.
case $(uname -m) in
  aarch64) esbuild="@esbuild/linux-arm64 0.28.2 a96dbfa41d3ef5dbd1ef22b1c10d5187be9267e86093a870f06402a7ec931596" ;;
  *) esbuild="@esbuild/linux-x64 0.28.2 9573bb2233aab0f9ea7647d5cca9726113cc1768de61d66b17267f4db84488f6" ;;
esac
WEB_BUILD_PACKAGES=(
  "$esbuild"
  "preact 11.2.0 3c4456766bd32b6b534d52bf4e9c2a29b33e7eedf6e96ed479300ba1a7888ebf"
  "@preact/signals 2.11.4 66ea8221dd8aaa0da2365d49c3f116b071d56cfb63b2e16c072c6b4e08a928b7"
  "@preact/signals-core 1.14.5 94c421ac996214c94f532fb4c43d8ede048a16df0cd9538ffb965174dbe8daba"
  "uplot 1.6.32 4b8a8191e425658e3ea8c8c1314b0fc679c861ee3a1af2b20c7b16ba50b5133d"
  "valibot 1.5.0 d2036be7ccacb18e917889402eae121cb160b48813edd0316fed3416ad5e7033"
)

# To check the page: the compiler's types and Biome, for x86-64; and axe, which the tests put into it.
WEB_LINT_PACKAGES=(
  "@typescript/typescript-linux-x64 7.0.2 7ecad6f67377e831856367ab062ef394f21506a611405bf8ac0ff039348637d3"
  "@biomejs/cli-linux-x64 2.6.8 e9fc491ffec6ba4024549b7c797937cd4f01855b4fe66a78220efe83b95be7f1"
)
WEB_TEST_PACKAGES=(
  "axe-core 4.14.1 e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
)
