option(PISTE_JOIN_SOURCES "In the release build the compiler takes several files of a module at a time" ON)

# Most of a file's time goes into headers, which are read once for as many files as are joined. Each file includes what it
# uses all the same: in the other builds, and for lint, each is read alone.
function(piste_join_sources target most)
  if(PISTE_JOIN_SOURCES AND CMAKE_BUILD_TYPE STREQUAL "Release")
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${most})
    # Meant for names that a header does not give to all alike; here nothing but the joined file sees them.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# Light on the processor: code that asks, tells and waits. At -O1 it is compiled sooner; pictures, joints and the frames' bytes
# are gone through elsewhere (the WebSocket's mask in net: at -O1 a frame costs half as much again).
function(piste_compile_light target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# piste_module(NAME [JOIN] [JOIN_TESTS] [LIGHT] [NET] [SUITES] USES modules... LINKS libraries... TEST_USES modules... TEST_LINKS libraries...)
# One folder of src/ = one static library piste_NAME of its *.cpp and one program NAME_test of its *_test.cpp.
# JOIN: its files are joined, for they have large headers; where short names of constants meet, files stay alone. JOIN_TESTS:
# those of its tests. LIGHT: piste_compile_light. NET: light, and it and its tests take the net's headers precompiled.
# SUITES: its tests run a suite at a time (piste_discover_suites).
# USES are other modules (public); LINKS are third-party libraries, private to the module that wraps them.
function(piste_module name)
  cmake_parse_arguments(ARG "JOIN;JOIN_TESTS;LIGHT;NET;SUITES" "" "USES;LINKS;TEST_USES;TEST_LINKS" ${ARGN})
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
    if(ARG_JOIN)
      piste_join_sources(piste_${name} 8)
    endif()
    if(ARG_LIGHT OR ARG_NET)
      piste_compile_light(piste_${name})
    endif()
    if(ARG_NET)
      piste_use_precompiled(piste_${name} piste_net_headers)
    endif()
  else()
    add_library(piste_${name} INTERFACE)
    target_include_directories(piste_${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(piste_${name} INTERFACE ${ARG_USES})
  endif()

  if(tests AND GTest_FOUND)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE piste_${name} ${ARG_TEST_USES} ${ARG_LINKS} ${ARG_TEST_LINKS})
    add_dependencies(${name}_test referee_decoder)  # which modules start to read a video
    if(ARG_NET)
      piste_test_program(${name}_test piste_net_test_headers)
    else()
      piste_test_program(${name}_test piste_test_headers)
    endif()
    if(ARG_JOIN_TESTS)
      piste_join_sources(${name}_test 4)
    endif()
    if(ARG_SUITES)
      piste_discover_suites(${name}_test)
    else()
      gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300)
    endif()
  endif()
endfunction()
