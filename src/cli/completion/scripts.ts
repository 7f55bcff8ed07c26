/** The shells that have a script. */
export type CompletionShell = keyof typeof completionScripts;

/**
 * What a shell reads to know the words of the program. The scripts ask the program itself (`answerShell`), and are silent when
 * there is none.
 */
export const completionScripts = {
  bash: `# Completion of etl-tui in bash. In ~/.bashrc: eval "$(etl-tui completion bash)"
_etl_tui() {
  local how reply
  COMPREPLY=()
  {
    IFS= read -r how
    while IFS= read -r reply; do COMPREPLY+=("$reply"); done
  } < <(etl-tui __complete bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  local IFS=' '
  for reply in $how; do compopt -o "$reply" 2>/dev/null; done
}
complete -F _etl_tui etl-tui
`,
  zsh: `#compdef etl-tui
# Completion of etl-tui in zsh. In ~/.zshrc, behind compinit: source <(etl-tui completion zsh)
_etl_tui() {
  local line
  local -a answer words_closed words_open
  answer=("\${(@f)$(etl-tui __complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  [[ $answer[1] != words && $PREFIX == -*=* ]] && compset -P '*='
  case $answer[1] in
    files) _files ;;
    pipelines) _files -g '*.(yaml|yml)' ;;
    directories) _files -/ ;;
    words)
      for line in "\${(@)answer[2,-1]}"; do
        case $line in
          *=|*=:*) words_open+=("$line") ;;
          *) words_closed+=("$line") ;;
        esac
      done
      _describe -V etl-tui words_closed -- words_open -S ''
      ;;
  esac
}
if [[ $funcstack[1] == _etl-tui ]]; then
  _etl_tui "$@"
elif (( $+functions[compdef] )); then
  compdef _etl_tui etl-tui
fi
`,
  fish: `# Completion of etl-tui in fish. In ~/.config/fish/config.fish: etl-tui completion fish | source
function __etl_tui_ask
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer (etl-tui __complete fish $words[2..-1] "$current" 2>/dev/null)
    set -g __etl_tui_words $answer[2..-1]
    if test "$answer[1]" = directories
        string match -q -- '-*' "$current"; and return 1
        set -g __etl_tui_words (__fish_complete_directories "$current" '')
        return 0
    end
    # Without an answer of ours, fish looks for files.
    test "$answer[1]" = words
end
complete -c etl-tui -n __etl_tui_ask -f -k -a '$__etl_tui_words'
`,
} as const;
