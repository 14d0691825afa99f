# What makes TARGET a test program, with those headers precompiled.
function(piste_test_program target headers)
  target_link_libraries(${target} PRIVATE piste_test_options GTest::gmock GTest::gtest_main)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)  # for support/*.h
  target_compile_definitions(${target} PRIVATE PISTE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  piste_use_precompiled(${target} ${headers})
endfunction()

# One process and one CTest case for each suite of a test program. For programs that link FFmpeg, which comes with a hundred and more
# libraries: they are linked for as long as most of their tests run. Others run each test alone (gtest_discover_tests).
function(piste_discover_suites target)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${target}_suites.cmake)
  set(timeout 1200)  # s, of a suite
  if(PISTE_SANITIZE)
    set(timeout 3600)
  endif()
  file(GENERATE OUTPUT ${file} CONTENT
    "include(${PROJECT_SOURCE_DIR}/cmake/suites.cmake)\npiste_add_suites($<TARGET_FILE:${target}> ${CMAKE_CURRENT_BINARY_DIR} ${timeout})\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${file})
endfunction()

if(GTest_FOUND)
  piste_precompile(piste_test_headers LINKS piste_test_options Boost::json GTest::gmock
    HEADERS ${PISTE_STANDARD_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)
endif()
