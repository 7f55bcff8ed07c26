#!/usr/bin/env sh
':' /*
# The head of the program, which to Node.js is a string and a comment. At its start Node.js takes back that a signal is
# ignored, so that after nohup, or in the background of a script, somebody has to look before it starts.
ETL_TUI_IGNORED_SIGNALS=
while read -r name value; do
  case $name in SigIgn:) ETL_TUI_IGNORED_SIGNALS=$value ;; esac
done 2>/dev/null </proc/self/status
[ "$ETL_TUI_IGNORED_SIGNALS" ] || ETL_TUI_IGNORED_SIGNALS=$(ps -o ignored= -p $$ 2>/dev/null)
export ETL_TUI_IGNORED_SIGNALS
exec node "$0" "$@"
*/
