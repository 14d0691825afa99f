# Third-party libraries; docs/dependencies.md says why each is there.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(GTest QUIET)      # tests are built where it is there; ./dev test installs it
find_package(benchmark QUIET)  # likewise for the benches
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(FFMPEG REQUIRED IMPORTED_TARGET libavformat libavcodec libavutil libswscale libavdevice)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(XLSXWRITER REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(LIBPQ REQUIRED libpq)  # its header; the library is loaded at run time (docs/dependencies.md)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(MOSQUITTO QUIET IMPORTED_TARGET libmosquitto)  # without it no box is simulated over MQTT

# OpenCV's CMake package is in libopencv-dev, which brings far more than the two parts that we use.
find_path(OPENCV_INCLUDE opencv2/core.hpp REQUIRED PATH_SUFFIXES opencv4)
foreach(part core imgproc)
  find_library(OPENCV_${part} opencv_${part} REQUIRED)
  add_library(opencv_${part} INTERFACE IMPORTED)
  target_include_directories(opencv_${part} SYSTEM INTERFACE ${OPENCV_INCLUDE})
  target_link_libraries(opencv_${part} INTERFACE ${OPENCV_${part}})
endforeach()

# ONNX Runtime: ONNXRUNTIME_ROOT (include/, lib/) where the user has one, else what ./dev has put in the cache.
set(cache_home "$ENV{XDG_CACHE_HOME}")
if(NOT cache_home)
  set(cache_home "$ENV{HOME}/.cache")
endif()
set(ONNXRUNTIME_ROOT "$ENV{ONNXRUNTIME_ROOT}" CACHE PATH "ONNX Runtime with include/ and lib/")
if(NOT ONNXRUNTIME_ROOT)
  set(ONNXRUNTIME_ROOT "${cache_home}/piste/onnxruntime" CACHE PATH "" FORCE)
endif()
find_path(ONNXRUNTIME_INCLUDE onnxruntime_cxx_api.h REQUIRED NO_DEFAULT_PATH
  PATHS ${ONNXRUNTIME_ROOT}/include ${ONNXRUNTIME_ROOT}/include/onnxruntime)
find_library(ONNXRUNTIME_LIBRARY NAMES onnxruntime libonnxruntime.so.1 REQUIRED NO_DEFAULT_PATH
  PATHS ${ONNXRUNTIME_ROOT}/lib)
add_library(onnxruntime SHARED IMPORTED)
set_target_properties(onnxruntime PROPERTIES
  IMPORTED_LOCATION ${ONNXRUNTIME_LIBRARY}
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${ONNXRUNTIME_INCLUDE}
  INTERFACE_INCLUDE_DIRECTORIES ${ONNXRUNTIME_INCLUDE})
