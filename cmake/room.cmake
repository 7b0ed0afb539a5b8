# millrace_room(ROOM core/engine LINKS core/model base [LIBRARIES fmt::fmt])
#
# Makes the library of one room from every .cpp beside its CMakeLists.txt but main.cpp (a program's), one test program
# from every *_test.cpp, and a fuzz target from each *_fuzz.cpp (fuzz.cmake; json_fuzz.cpp of core/model is named
# core_model_json). LINKS names the rooms that this room may include; tools/check_house.py reads the same line and
# refuses an include of any other room, and a link that runs upward. LIBRARIES are third-party and stay private to the
# room.

add_library(millrace_headers OBJECT ${CMAKE_SOURCE_DIR}/cmake/headers.cpp)
add_library(millrace_test_headers OBJECT ${CMAKE_SOURCE_DIR}/cmake/headers.cpp)
target_link_libraries(millrace_test_headers PUBLIC GTest::gtest)
if(MILLRACE_PRECOMPILED_HEADERS)
    target_precompile_headers(millrace_headers PRIVATE ${CMAKE_SOURCE_DIR}/cmake/headers.hpp)
    target_precompile_headers(millrace_test_headers PRIVATE ${CMAKE_SOURCE_DIR}/cmake/headers.hpp <gtest/gtest.h>)
endif()

# Gives a target the repository as include root and the shared precompiled headers of `from`.
function(millrace_target target from)
    target_include_directories(${target} PUBLIC
        $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    if(MILLRACE_PRECOMPILED_HEADERS)
        target_precompile_headers(${target} REUSE_FROM ${from})
    endif()
endfunction()

# A test program: gtest finds its cases, ctest runs each alone.
function(millrace_test target)
    cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "SOURCES;LINKS")
    add_executable(${target} ${TEST_SOURCES})
    millrace_target(${target} millrace_test_headers)
    target_link_libraries(${target} PRIVATE ${TEST_LINKS} GTest::gtest_main)
    include(GoogleTest)
    gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()

function(millrace_room)
    cmake_parse_arguments(PARSE_ARGV 0 ROOM "" "ROOM" "LINKS;LIBRARIES;TEST_LIBRARIES")
    string(REPLACE "/" "_" name millrace_${ROOM_ROOM})
    file(GLOB sources CONFIGURE_DEPENDS *.cpp)
    set(tests ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    set(fuzzers ${sources})
    list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "(_(test|fuzz)|/main)\\.cpp$")

    add_library(${name} STATIC ${sources})
    millrace_target(${name} millrace_headers)
    foreach(link IN LISTS ROOM_LINKS)
        string(REPLACE "/" "_" link_name millrace_${link})
        target_link_libraries(${name} PUBLIC ${link_name})
    endforeach()
    target_link_libraries(${name} PRIVATE ${ROOM_LIBRARIES})

    # No thread may start in core (tools/check_house.py), so the thread sanitizer has nothing to see there.
    if(MILLRACE_SANITIZE STREQUAL "thread" AND ROOM_ROOM MATCHES "^core/")
        set(tests)
    endif()
    if(tests)
        millrace_test(${name}_test SOURCES ${tests} LINKS ${name} ${ROOM_TEST_LIBRARIES})
    endif()
    foreach(fuzzer IN LISTS fuzzers)
        get_filename_component(stem ${fuzzer} NAME_WE)
        string(REGEX REPLACE "_fuzz$" "" noun ${stem})
        string(REPLACE "/" "_" fuzzer_name ${ROOM_ROOM}/${noun})
        millrace_fuzzer(${fuzzer_name} SOURCES ${fuzzer} LINKS ${name})
    endforeach()
endfunction()
