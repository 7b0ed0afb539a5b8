# What `make install` puts in place and `make package` packs into a .tar.gz and a .deb: the program, its shell
# completions (asked of the program itself, so they never lag behind it), the licence and the documents.
include(GNUInstallDirs)

if(TARGET millrace)
    install(TARGETS millrace RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
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
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)  # data, so not found in the program
include(CPack)
