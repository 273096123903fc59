# Completes `pcapline COMMAND …` as pcapline-COMMAND is completed.
complete -c pcapline -n __fish_use_subcommand -x -a packets -d 'one record per packet'
complete -c pcapline -n __fish_use_subcommand -x -a stats -d 'what is in a capture'
complete -c pcapline -n __fish_use_subcommand -x -a conversations -d 'one record per flow'
complete -c pcapline -n __fish_use_subcommand -x -a split-flow -d 'one output per session, host, port, time, size or count'
complete -c pcapline -n __fish_use_subcommand -x -a cat -d 'concatenate, slice, filter, convert, compress captures'
complete -c pcapline -n __fish_use_subcommand -x -a help -d 'the manual page of a command'
complete -c pcapline -n __fish_use_subcommand -l help -d 'print the commands and exit'
complete -c pcapline -n __fish_use_subcommand -l version -d 'print the version and exit'
for command in packets stats conversations split-flow cat
    complete -c pcapline -n "__fish_seen_subcommand_from $command" -a "(complete -C \"pcapline-$command \"(commandline -ct))"
end
complete -c pcapline -n '__fish_seen_subcommand_from help' -x -a 'packets stats conversations split-flow cat'
