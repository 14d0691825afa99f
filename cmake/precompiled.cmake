# What many files read costs more to compile than what they say: in the release build it is read once for all. A file includes
# what it uses all the same: in the other builds each is read alone.
# piste_precompile(NAME LINKS libraries... HEADERS headers...): for targets that are compiled with the same options.
function(piste_precompile name)
  cmake_parse_arguments(ARG "" "" "LINKS;HEADERS" ${ARGN})
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  # The libraries' definitions are part of what is precompiled. The standard library's headers silence these for themselves,
  # which GCC forgets of precompiled ones (its bug 64117); the other builds look for these too.
  add_library(${name}_options INTERFACE)
  target_link_libraries(${name}_options INTERFACE ${ARG_LINKS})
  target_compile_options(${name}_options INTERFACE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${name}.cpp CONTENT "" @ONLY)
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE ${name}_options)
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()

function(piste_use_precompiled target name)
  if(TARGET ${name})
    target_link_libraries(${target} PRIVATE ${name}_options)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()

set(PISTE_STANDARD_HEADERS
  <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <deque> <filesystem> <fstream> <functional> <map> <memory>
  <mutex> <optional> <span> <sstream> <string> <string_view> <thread> <utility> <variant> <vector> <boost/json.hpp>)
