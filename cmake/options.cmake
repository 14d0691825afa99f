# Compiler options for everything of ours; third-party headers come in as SYSTEM.
add_library(piste_options INTERFACE)
target_compile_options(piste_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
  $<$<BOOL:${PISTE_WERROR}>:-Werror>)
if(PISTE_SANITIZE)
  target_compile_options(piste_options INTERFACE
    -fsanitize=${PISTE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(piste_options INTERFACE -fsanitize=${PISTE_SANITIZE})
endif()
