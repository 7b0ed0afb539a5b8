# millrace_fuzzer(core_model_json SOURCES json_fuzz.cpp LINKS millrace_core_model)
#
# One target for each fuzz entry point (LLVMFuzzerTestOneInput in a *_fuzz.cpp; room.cmake finds them). With
# MILLRACE_FUZZERS it is a libFuzzer program of clang. Without, the same file with a small main becomes a test that
# feeds it the seeds committed in tests/corpus/<name>/, so that what fuzzing once found stays tested by every build.

add_custom_target(millrace_fuzzers COMMENT "All fuzz targets")
if(MILLRACE_FUZZERS)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "MILLRACE_FUZZERS needs clang: use `cmake --preset fuzz`")
    endif()
    # Every room is instrumented for coverage; only the fuzz targets get libFuzzer's main.
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

function(millrace_fuzzer name)
    cmake_parse_arguments(PARSE_ARGV 1 FUZZ "" "" "SOURCES;LINKS")
    set(target millrace_${name}_fuzz)
    if(NOT MILLRACE_FUZZERS)
        list(APPEND FUZZ_SOURCES ${CMAKE_SOURCE_DIR}/cmake/fuzz_replay.cpp)
    endif()
    add_executable(${target} ${FUZZ_SOURCES})
    millrace_target(${target} millrace_headers)
    target_link_libraries(${target} PRIVATE ${FUZZ_LINKS})
    add_dependencies(millrace_fuzzers ${target})
    if(MILLRACE_FUZZERS)
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
        set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzzers
                                                   OUTPUT_NAME ${name})
    else()
        add_test(NAME FuzzSeeds.${name} COMMAND ${target} ${CMAKE_SOURCE_DIR}/tests/corpus/${name})
        set_tests_properties(FuzzSeeds.${name} PROPERTIES TIMEOUT 120)
    endif()
endfunction()
