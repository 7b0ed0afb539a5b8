// The three scripts. They only carry words to `millrace __complete` and its answers back.
#include "millrace/base/assert.hpp"
#include "millrace/cli/completion.hpp"

namespace millrace::cli {
namespace {

// Works from bash 4.0 on and needs no bash-completion package.
constexpr std::string_view kBash =
    R"script(# bash completion for millrace: source <(millrace completion bash)
_millrace() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == ":files" ]]; then
            compopt -o default 2>/dev/null
            return
        fi
        COMPREPLY+=("$line")
    done < <("${COMP_WORDS[0]}" __complete bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    # A key of --set waits for its value: no space behind it.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _millrace millrace
)script";

constexpr std::string_view kZsh = R"script(#compdef millrace
# zsh completion for millrace: save as _millrace in a folder of $fpath, or source <(millrace completion zsh)
_millrace() {
    local line word
    local -a described open_keys
    for line in "${(@f)$("${words[1]}" __complete zsh -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        if [[ $line == ":files" ]]; then
            _files
            return
        fi
        [[ -z $line ]] && continue
        word=${line%%$'\t'*}
        if [[ $word == *= ]]; then
            open_keys+=("$word")
        elif [[ $line == *$'\t'* ]]; then
            described+=("${word//:/\\:}:${line#*$'\t'}")
        else
            described+=("${word//:/\\:}")
        fi
    done
    (( ${#described} )) && _describe 'millrace' described
    # A key of --set waits for its value: no space behind it.
    (( ${#open_keys} )) && compadd -S '' -a open_keys
}
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
    _millrace "$@"
else
    compdef _millrace millrace
fi
)script";

constexpr std::string_view kFish =
    R"script(# fish completion for millrace: millrace completion fish | source
function __millrace_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l answers ($program __complete fish -- $words "$current" 2>/dev/null)
    if test "$answers[1]" = ":files"
        __fish_complete_path "$current"
    else
        printf '%s\n' $answers
    end
end
complete -c millrace -f -a '(__millrace_complete)'
)script";

}  // namespace

std::string_view completion_script(std::string_view shell) {
    if (shell == "bash") return kBash;
    if (shell == "zsh") return kZsh;
    MILLRACE_ASSERT(shell == "fish", "the table offers bash, zsh and fish");
    return kFish;
}

}  // namespace millrace::cli
