" Opens $EDITORTEST_FILE, lets ALE check it with gopls, and writes ALE's list
" to $EDITORTEST_OUT. It stands in for the vimrc: Vim loads plugins behind it.
set nocompatible
filetype plugin on
silent! source $HOME/.vimrc
let g:ale_linters = {'go': ['gopls']}
let g:ale_lint_delay = 0
packadd! ale

function! s:Found() abort
  let l:found = []
  for l:item in ale#engine#GetLoclist(bufnr('%'))
    let l:code = get(l:item, 'code', '')
    call add(l:found, {'lnum': l:item.lnum, 'col': get(l:item, 'col', 0), 'type': l:item.type, 'text': l:item.text, 'code': type(l:code) is v:t_string ? l:code : string(l:code)})
  endfor
  return l:found
endfunction

" sleep lets jobs and timers run, which is all that ALE needs.
function! s:Wait() abort
  let l:start = reltime()
  while reltimefloat(reltime(l:start)) * 1000 < str2nr($EDITORTEST_MS)
    sleep 50m
    for l:item in s:Found()
      if !empty($EDITORTEST_UNTIL) && stridx(l:item.text, $EDITORTEST_UNTIL) >= 0
        return
      endif
    endfor
  endwhile
endfunction

function! s:Main() abort
  execute 'edit' fnameescape($EDITORTEST_FILE)
  ALELint
  call s:Wait()
  call writefile([json_encode(s:Found())], $EDITORTEST_OUT)
  qall!
endfunction

" nested: without it the edit above would set no file type.
autocmd VimEnter * ++nested call s:Main()
