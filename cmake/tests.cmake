# What makes TARGET a test program, with those headers precompiled.
function(piste_test_program target headers)
  target_link_libraries(${target} PRIVATE piste_test_options GTest::gmock GTest::gtest_main)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)  # for support/*.h
  target_compile_definitions(${target} PRIVATE PISTE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  piste_use_precompiled(${target} ${headers})
endfunction()

if(GTest_FOUND)
  piste_precompile(piste_test_headers LINKS piste_test_options Boost::json GTest::gmock
    HEADERS ${PISTE_STANDARD_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)
endif()
