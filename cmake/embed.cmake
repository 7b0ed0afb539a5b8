# millrace_embed(TARGET FOLDER)
#
# Puts every file under FOLDER (of the room that calls) into TARGET at build time, as the answer of the embedded_files()
# that the room's embedded.hpp declares: an installed program needs no source tree. Run as a script, it writes that .cpp.
if(CMAKE_SCRIPT_MODE_FILE)
    file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
    list(SORT files)
    set(rows "")
    foreach(file IN LISTS files)
        file(READ ${FOLDER}/${file} text)
        string(APPEND rows "    {R\"--(${file})--\", R\"--(${text})--\"},\n")
    endforeach()
    file(WRITE ${OUTPUT} "// Written by cmake/embed.cmake.\n#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n"
        "std::span<const EmbeddedFile> embedded_files() {\n    static constexpr EmbeddedFile kFiles[] = {\n${rows}    };\n"
        "    return kFiles;\n}\n\n}\n")
    return()
endif()

function(millrace_embed target folder)
    cmake_parse_arguments(PARSE_ARGV 2 EMBED "" "HEADER;NAMESPACE" "")
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${folder}.cpp)
    set(script ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
    add_custom_command(OUTPUT ${output} DEPENDS ${files} ${script} VERBATIM
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_CURRENT_SOURCE_DIR}/${folder} -DOUTPUT=${output}
                -DHEADER=${EMBED_HEADER} -DNAMESPACE=${EMBED_NAMESPACE} -P ${script})
    target_sources(${target} PRIVATE ${output})
endfunction()
