# piste_module(NAME USES modules... LINKS libraries... TEST_USES modules... TEST_LINKS libraries...)
# One folder of src/ = one static library piste_NAME of its *.cpp and one program NAME_test of its *_test.cpp.
# USES are other modules (public); LINKS are third-party libraries, private to the module that wraps them.
function(piste_module name)
  cmake_parse_arguments(ARG "" "" "USES;LINKS;TEST_USES;TEST_LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(TRANSFORM ARG_USES PREPEND piste_)
  list(TRANSFORM ARG_TEST_USES PREPEND piste_)

  if(sources)
    add_library(piste_${name} STATIC ${sources})
    target_include_directories(piste_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(piste_${name} PUBLIC ${ARG_USES} PRIVATE piste_options ${ARG_LINKS})
  else()
    add_library(piste_${name} INTERFACE)
    target_include_directories(piste_${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(piste_${name} INTERFACE ${ARG_USES})
  endif()

  if(tests AND GTest_FOUND)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE
      piste_${name} ${ARG_TEST_USES} piste_options ${ARG_LINKS} ${ARG_TEST_LINKS} GTest::gmock GTest::gtest_main)
    add_dependencies(${name}_test referee_decoder)  # which modules start to read a video
    target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)  # for support/*.h
    target_compile_definitions(${name}_test PRIVATE PISTE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
  endif()
endfunction()
