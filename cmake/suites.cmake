# Read by ctest: one test of its own for each suite of a program (piste_discover_suites in tests.cmake).
# What is skipped is told as skipped, unless something failed, too: then the summary does not end with the skipped ones.
set(piste_skipped "PASSED  \\] [0-9]+ tests?\\.\n\\[  SKIPPED \\] [0-9]+ tests?, listed below:\n(\\[  SKIPPED \\] [^\n]*\n)+$")

function(piste_add_suites program folder timeout)
  get_filename_component(name ${program} NAME)
  if(NOT EXISTS ${program})
    add_test(${name}_NOT_BUILT ${name}_NOT_BUILT)
    return()
  endif()
  set(list ${folder}/${name}_suites.txt)
  if(NOT EXISTS ${list} OR ${program} IS_NEWER_THAN ${list})
    execute_process(COMMAND ${program} --gtest_list_tests WORKING_DIRECTORY ${folder} OUTPUT_VARIABLE told RESULT_VARIABLE failed)
    if(failed)
      message(FATAL_ERROR "${program} does not list its tests: ${failed}\n${told}")
    endif()
    string(REGEX MATCHALL "\n[^ \n][^ \n]*\\.[^\n]*" suites "\n${told}")  # tests are indented
    if(NOT suites)
      message(FATAL_ERROR "${program} has no tests:\n${told}")
    endif()
    list(TRANSFORM suites REPLACE "^\n([^ ]+)\\..*" "\\1")
    file(WRITE ${list} "${suites}")
  endif()
  file(READ ${list} suites)
  string(REGEX REPLACE "_test$" "" module ${name})
  foreach(suite ${suites})
    add_test(${module}.${suite} ${program} --gtest_filter=${suite}.*)
    set_tests_properties(${module}.${suite} PROPERTIES WORKING_DIRECTORY ${folder} TIMEOUT ${timeout}
      COST 50  # before tests that run alone, where a run has not measured them yet
      SKIP_REGULAR_EXPRESSION "${piste_skipped}")
  endforeach()
endfunction()
