# What `make install` puts in place and `make package` packs into a .tar.gz and a .deb: the program, its shell
# completions (asked of the program itself, so they never lag behind it), the library that reads Parquet, the licences,
# the documents, and what strategies of users are compiled against: find_package(Millrace).
include(CMakePackageConfigHelpers)

if(TARGET millrace)
    set_target_properties(millrace PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/millrace")
    install(TARGETS millrace RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(FILES ${MILLRACE_DUCKDB_FILE} RENAME libduckdb.so DESTINATION lib/millrace)
    if(EXISTS ${MILLRACE_DUCKDB_LICENSE})
        install(FILES ${MILLRACE_DUCKDB_LICENSE} RENAME LICENSE.duckdb DESTINATION ${CMAKE_INSTALL_DOCDIR})
    endif()
    set(completions ${CMAKE_BINARY_DIR}/completions)
    install(CODE "
        foreach(shell bash zsh fish)
            execute_process(COMMAND \"$<TARGET_FILE:millrace>\" completion \${shell}
                            OUTPUT_FILE \"${completions}/\${shell}\" COMMAND_ERROR_IS_FATAL ANY)
        endforeach()")
    file(MAKE_DIRECTORY ${completions})
    install(FILES ${completions}/bash RENAME millrace
            DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
    install(FILES ${completions}/zsh RENAME _millrace
            DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
    install(FILES ${completions}/fish RENAME millrace.fish
            DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs FILES_MATCHING PATTERN "*.md")

# Millrace::plugin is what a library of strategies needs, headers and flags; Millrace::strategy the code behind them, for
# the programs that test one. The same package lies in the build folder, for who does not install.
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Millrace)
add_library(millrace_strategy INTERFACE)
set_target_properties(millrace_plugin PROPERTIES EXPORT_NAME plugin)
set_target_properties(millrace_strategy PROPERTIES EXPORT_NAME strategy)
install(TARGETS millrace_plugin millrace_strategy EXPORT MillraceTargets)
foreach(room IN LISTS MILLRACE_STRATEGY_ROOMS)
    string(REPLACE "/" "_" name ${room})
    set(library millrace_${name})
    set_target_properties(${library} PROPERTIES EXPORT_NAME ${name})
    target_link_libraries(millrace_strategy INTERFACE ${library})
    install(TARGETS ${library} EXPORT MillraceTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/millrace)
    file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/millrace/${room}/*.hpp)
    install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/millrace/${room})
endforeach()
configure_file(cmake/MillraceConfig.cmake.in MillraceConfig.cmake @ONLY)
write_basic_package_version_file(MillraceConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/MillraceConfig.cmake ${CMAKE_BINARY_DIR}/MillraceConfigVersion.cmake
        DESTINATION ${package})
install(EXPORT MillraceTargets NAMESPACE Millrace:: DESTINATION ${package})
export(EXPORT MillraceTargets NAMESPACE Millrace:: FILE MillraceTargets.cmake)

set(CPACK_PACKAGE_NAME millrace)
set(CPACK_PACKAGE_VENDOR Millrace)
set(CPACK_PACKAGE_CONTACT "The Millrace developers <millrace@example.org>")
set(CPACK_PACKAGE_DESCRIPTION "One program that streams market data, backtests strategies, checks and routes their
orders, and keeps the books; every run is a deterministic function of its journal.")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # the shared libraries, found in the program
cmake_path(GET MILLRACE_DUCKDB_FILE PARENT_PATH CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS)
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)  # data, so not found in the program
include(CPack)
