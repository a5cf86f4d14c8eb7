import { Argument, type Command } from 'commander'

/** `completion`: a script for the shell, made from the commands that there are. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('Prints a completion script for the shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .addHelpText('after', '\nExamples:\n  source <(dsm completion bash)\n  source <(dsm completion zsh)')
    .action((shell: 'bash' | 'zsh') => {
      process.stdout.write(shell === 'bash' ? bashScript(program) : zshScript(program))
    })
}

interface Node {
  /** Words before, as `jobs create`. */
  path: string
  words: string[]
}

/** Every command with the words that may follow it. */
export function commandNodes(command: Command, path = ''): Node[] {
  const subs = command.commands.filter((one) => one.name() !== '')
  const options = command.options.flatMap((option) => [option.long ?? option.short ?? ''])
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? [])
  const own = { path, words: [...subs.map((one) => one.name()), ...choices, ...options, '--help'] }
  return [own, ...subs.flatMap((one) => commandNodes(one, `${path} ${one.name()}`.trim()))]
}

const GLOBAL_WORDS = '--server --token --ca --json --quiet --yes'

function cases(program: Command): string {
  return commandNodes(program)
    .map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`)
    .join('\n')
}

const bashScript = (program: Command) => `# Completion of dsm for bash: source <(dsm completion bash)
_dsm() {
  local path='' word words='' at
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    case "$word" in -*) continue ;; esac
    case " $(_dsm_words "$path") " in *" $word "*) path="\${path:+$path }$word" ;; esac
  done
  COMPREPLY=($(compgen -W "$(_dsm_words "$path") ${GLOBAL_WORDS}" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
_dsm_words() {
  local words=''
  case "$1" in
${cases(program)}
  esac
  printf '%s' "$words"
}
complete -o default -F _dsm dsm
`

const zshScript = (program: Command) => `#compdef dsm
# Completion of dsm for zsh: source <(dsm completion zsh)
_dsm_words() {
  local words=''
  case "$1" in
${cases(program)}
  esac
  printf '%s' "$words"
}
_dsm() {
  local path_so_far='' word
  for word in \${words[2,CURRENT-1]}; do
    [[ $word == -* ]] && continue
    [[ " $(_dsm_words "$path_so_far") " == *" $word "* ]] && path_so_far="\${path_so_far:+$path_so_far }$word"
  done
  compadd -- \${=$(_dsm_words "$path_so_far")} ${GLOBAL_WORDS}
  _files
}
compdef _dsm dsm
`
