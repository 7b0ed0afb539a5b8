# What a build may choose, and the flags that every target shares.
option(MILLRACE_PRECOMPILED_HEADERS "Share precompiled standard headers (off proves every file includes what it needs)" ON)
option(MILLRACE_BENCHMARKS "Build the benchmarks in bench/" ON)
option(MILLRACE_FUZZERS "Build the libFuzzer targets (needs clang)" OFF)
set(MILLRACE_SANITIZE "" CACHE STRING "Value of -fsanitize= for every target, for example address,undefined")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
# Assertions stay on in every build: a wrong state must stop before it reaches money.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")

# Contraction off: one hash on every machine needs a*b+c rounded the same way everywhere.
add_compile_options(
    -fPIC -ffp-contract=off -fno-fast-math -fno-omit-frame-pointer
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-align
    -Wnon-virtual-dtor -Woverloaded-virtual -Wdouble-promotion -Wformat=2 -Wundef -Wimplicit-fallthrough
    -Wswitch-enum)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wduplicated-cond -Wlogical-op -Wuseless-cast)
    # False alarms of g++ 12 inside std::string (GCC bugs 105329, 105651); the sanitizers find the real ones.
    add_compile_options(-Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()
# No build folder in the binary: the same source gives the same bytes wherever it is built.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)

if(MILLRACE_SANITIZE)
    add_compile_options(-fsanitize=${MILLRACE_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${MILLRACE_SANITIZE})
endif()

find_program(MILLRACE_MOLD mold)
if(MILLRACE_MOLD)
    add_link_options(-fuse-ld=mold)
endif()
find_program(MILLRACE_CCACHE ccache)
if(MILLRACE_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${MILLRACE_CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options(-Xclang -fno-pch-timestamp)
endif()

find_package(Threads REQUIRED)
find_package(date REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(ZLIB REQUIRED)
