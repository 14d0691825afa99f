# What makes TARGET a test program.
function(piste_test_program target)
  target_link_libraries(${target} PRIVATE piste_test_options GTest::gmock GTest::gtest_main)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)  # for support/*.h
  target_compile_definitions(${target} PRIVATE PISTE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(TARGET piste_test_headers)
    target_link_libraries(${target} PRIVATE piste_test_headers_options)
    target_precompile_headers(${target} REUSE_FROM piste_test_headers)
  endif()
endfunction()

# What every test reads, GoogleTest and the standard library, is half of what a test costs to compile: in the release build
# it is read once for all. A test includes what it uses all the same: in the other builds each is read alone.
if(NOT GTest_FOUND OR NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  return()
endif()
add_library(piste_test_headers_options INTERFACE)
# For its definitions, which are part of what is precompiled.
target_link_libraries(piste_test_headers_options INTERFACE Boost::json)
# The standard library's headers silence these for themselves, which GCC forgets of precompiled ones (its bug 64117). The
# product has no precompiled headers for that reason; the other builds of the tests look for these too.
target_compile_options(piste_test_headers_options INTERFACE
  -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/test_headers.cpp CONTENT "" @ONLY)
add_library(piste_test_headers OBJECT EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/test_headers.cpp)
target_link_libraries(piste_test_headers PRIVATE piste_test_options piste_test_headers_options GTest::gmock)
target_precompile_headers(piste_test_headers PRIVATE
  <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <filesystem> <fstream> <functional> <map> <memory>
  <mutex> <optional> <span> <sstream> <string> <string_view> <thread> <utility> <variant> <vector> <boost/json.hpp>
  <gmock/gmock.h> <gtest/gtest.h>)
