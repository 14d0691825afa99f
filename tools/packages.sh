# What the project needs from Debian, by name. docs/dependencies.md says why. Sourced by tools/setup.sh.

# To build and run the programs.
BUILD_PACKAGES=(
  g++ cmake ninja-build ccache pkg-config
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libssl-dev
  libcli11-dev libspdlog-dev prometheus-cpp-dev zlib1g-dev
  libturbojpeg0-dev libpng-dev
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libavdevice-dev
  libopencv-core-dev libopencv-imgproc-dev
  libxlsxwriter-dev libmosquitto-dev libseccomp-dev
)

# To make a Debian package.
PACKAGE_PACKAGES=(dpkg-dev file)

# To test and measure. deploy_browser also wants chromium, 400 MB with what it needs: it is skipped without.
TEST_PACKAGES=(
  libgtest-dev libgmock-dev libbenchmark-dev
  openssl nginx-light node-ws libwebsockets-dev
  python3 python3-numpy python3-opencv python3-websockets ffmpeg curl unzip
)

LINT_PACKAGES=(clang-format-19 clang-tidy-19)

# To fuzz. The compiler is large, so who only tests does without.
FUZZ_PACKAGES=(clang-19 libclang-rt-19-dev)
