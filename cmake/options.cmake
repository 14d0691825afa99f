# Compiler options for everything of ours; third-party headers come in as SYSTEM.
add_library(piste_options INTERFACE)
target_compile_options(piste_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
  $<$<BOOL:${PISTE_WERROR}>:-Werror>
  # GCC 12 sees overlapping copies in strings that are added up (its bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
add_link_options(LINKER:--as-needed)
# GCC looks through its memory for what it may give back at each doubling from 128 MB on: an eighth of a large file's time.
target_compile_options(piste_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=524288>)
# GCC 12 moves eight bytes through an MMX register at times (at -O3, in render/backdrop.cpp: movq (%rsp),%mm0, then
# movq2dq) and does not give the register back: until somebody does, every long double of the thread is NaN, strtold("0")
# for one. x86-64 has SSE2 for such moves. FFmpeg 5.1 gives its MMX registers back after each call: the tests of video,
# PictureMemory and EncoderMemory, look at the x87 tag word.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(piste_options INTERFACE -mno-mmx)
endif()
if(PISTE_SANITIZE)
  # Both in Boost: false warnings, to which sanitizers lead GCC as it says itself, and Asio's fences, which tsan does not
  # see. Asio's queues have locks, which it sees.
  target_compile_options(piste_options INTERFACE
    -fsanitize=${PISTE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-tsan>")
  target_link_options(piste_options INTERFACE -fsanitize=${PISTE_SANITIZE})
endif()

# Of tests and what they share: compiled sooner; what they test is as it will be used.
add_library(piste_test_options INTERFACE)
target_compile_options(piste_test_options INTERFACE $<$<CONFIG:Release>:-O1>)
target_link_libraries(piste_test_options INTERFACE piste_options)
