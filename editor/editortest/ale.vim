" Lives a life in Vim with ALE, which checks with gopls, and writes what ALE
" shows to $EDITORTEST_OUT. It stands in for the vimrc: Vim loads plugins
" behind it.
set nocompatible
filetype plugin on
silent! source $HOME/.vimrc
let g:ale_linters = {'go': ['gopls']}
let g:ale_lint_delay = 0
let g:ale_hover_to_preview = 1 " it would be echoed, and lost without a screen
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
function! s:Wait(ms, Done) abort
  let l:start = reltime()
  while !a:Done() && reltimefloat(reltime(l:start)) * 1000 < a:ms
    sleep 50m
  endwhile
endfunction

function! s:WaitFor(text) abort
  if !empty(a:text)
    call s:Wait(str2nr($EDITORTEST_MS), {-> !empty(filter(s:Found(), {_, item -> stridx(item.text, a:text) >= 0}))})
  endif
  return s:Found()
endfunction

" What the preview window shows.
function! s:Preview() abort
  for l:win in getwininfo()
    if getwinvar(l:win.winnr, '&previewwindow')
      return join(getbufline(l:win.bufnr, 1, '$'), "\n")
    endif
  endfor
  return ''
endfunction

function! s:Hover(text) abort
  if empty(a:text)
    return ''
  endif
  call cursor(str2nr($EDITORTEST_HOVER_LINE), str2nr($EDITORTEST_HOVER_COLUMN))
  let l:start = reltime()
  while stridx(s:Preview(), a:text) < 0 && reltimefloat(reltime(l:start)) * 1000 < str2nr($EDITORTEST_MS)
    ALEHover
    call s:Wait(1000, {-> stridx(s:Preview(), a:text) >= 0})
  endwhile
  return s:Preview()
endfunction

function! s:Live() abort
  execute 'edit' fnameescape($EDITORTEST_FILE)
  ALELint
  let l:lived = {'after': []}
  let l:lived.diagnostics = s:WaitFor($EDITORTEST_UNTIL)
  let l:lived.hover = s:Hover($EDITORTEST_HOVER)
  if !empty($EDITORTEST_INSERT)
    call append('$', $EDITORTEST_INSERT)
    write
    let l:lived.after = s:WaitFor($EDITORTEST_UNTIL_AFTER)
  endif
  call writefile([json_encode(l:lived)], $EDITORTEST_OUT)
  qall
endfunction

" In Ex mode an error would leave Vim waiting for the next command.
function! s:Main() abort
  try
    call s:Live()
  catch
    call writefile([v:throwpoint . ': ' . v:exception], $EDITORTEST_OUT)
    cquit
  endtry
endfunction

" nested: without it the edit above would set no file type.
autocmd VimEnter * ++nested call s:Main()
