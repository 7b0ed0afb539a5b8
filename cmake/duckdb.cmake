# millrace_duckdb: DuckDB as a shared library with its C header, for the one room that reads Parquet. tools/setup puts
# both in place; another installation is named with
#   -DMILLRACE_DUCKDB_LIBRARY=/opt/duckdb/libduckdb.so -DMILLRACE_DUCKDB_INCLUDE=/opt/duckdb
# Programs look for it beside themselves, never under a path of the machine that built them.
set(MILLRACE_DUCKDB_LIBRARY "" CACHE FILEPATH "libduckdb.so; empty takes the one that tools/setup fetches")
set(MILLRACE_DUCKDB_INCLUDE "" CACHE PATH "Folder of duckdb.h; empty takes the one that tools/setup fetches")

set(duckdb_modules ${CMAKE_CURRENT_LIST_DIR}/duckdb/node_modules)
set(duckdb_library ${MILLRACE_DUCKDB_LIBRARY})
if(NOT duckdb_library)
    set(duckdb_library ${duckdb_modules}/@duckdb/node-bindings-linux-x64/libduckdb.so)
endif()
set(duckdb_include ${MILLRACE_DUCKDB_INCLUDE})
if(NOT duckdb_include)
    set(duckdb_include ${duckdb_modules}/.include)
endif()
foreach(needed ${duckdb_library} ${duckdb_include}/duckdb.h)
    if(NOT EXISTS ${needed})
        message(FATAL_ERROR "${needed} is missing: run tools/setup, or name another DuckDB with "
                            "-DMILLRACE_DUCKDB_LIBRARY=…/libduckdb.so -DMILLRACE_DUCKDB_INCLUDE=…")
    endif()
endforeach()

# A link inside of the build folder, so that what is built there finds it by $ORIGIN, wherever the folder stands.
set(MILLRACE_DUCKDB_LINK ${CMAKE_BINARY_DIR}/lib/libduckdb.so)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
file(CREATE_LINK ${duckdb_library} ${MILLRACE_DUCKDB_LINK} SYMBOLIC)
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)

add_library(millrace_duckdb SHARED IMPORTED GLOBAL)
set_target_properties(millrace_duckdb PROPERTIES IMPORTED_LOCATION ${MILLRACE_DUCKDB_LINK}
                                                 INTERFACE_INCLUDE_DIRECTORIES ${duckdb_include})

file(REAL_PATH ${duckdb_library} MILLRACE_DUCKDB_FILE)
set(MILLRACE_DUCKDB_LICENSE ${duckdb_modules}/@duckdb/node-bindings-linux-x64/LICENSE)
