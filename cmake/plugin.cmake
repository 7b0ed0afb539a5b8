# Libraries of strategies: what they are compiled with, and the programs that load them.
#
# A library has no copy of Millrace's code: it finds what it calls in the program that loads it. Its own code is hidden,
# or a class of it that is named like one of the program's would silently be the program's.

# Headers and flags for the library (Millrace::plugin outside of this build). Contraction off as in options.cmake.
add_library(millrace_plugin INTERFACE)
target_include_directories(millrace_plugin INTERFACE
    $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(millrace_plugin INTERFACE cxx_std_20)
target_compile_options(millrace_plugin INTERFACE -fPIC -fvisibility=hidden -ffp-contract=off -fno-fast-math)
if(MILLRACE_SANITIZE)
    target_compile_options(millrace_plugin INTERFACE -fsanitize=${MILLRACE_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(millrace_plugin INTERFACE -fsanitize=${MILLRACE_SANITIZE})
endif()

# The rooms whose headers a strategy may include.
set(MILLRACE_STRATEGY_ROOMS base core/model core/engine core/strategy core/strategy/indicators)

# Lets a program load them: it holds all code of those rooms, used or not, and shows it.
function(millrace_plugin_host target)
    set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
    foreach(room IN LISTS MILLRACE_STRATEGY_ROOMS)
        string(REPLACE "/" "_" library millrace_${room})
        target_link_libraries(${target} PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,${library}>)
        set_property(TARGET ${target} APPEND PROPERTY LINK_LIBRARY_OVERRIDE_${library} WHOLE_ARCHIVE)
    endforeach()
endfunction()
