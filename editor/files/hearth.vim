" Vim starts hearth where it would have started gopls, in ALE and in vim-lsp,
" whichever there is. To switch this off: let g:hearth = 0 in your vimrc.

if exists('g:loaded_hearth') || !get(g:, 'hearth', 1) || !has('job')
  finish
endif
let g:loaded_hearth = 1

let s:gopls = @GOPLS@
if !executable(s:gopls)
  finish
endif

" ALE reads these when it checks a buffer, so it does not matter which of the
" two plugins is loaded first. Without use_global it would prefer a gopls in
" $GOPATH/bin. An executable of your own is left alone.
if get(g:, 'ale_go_gopls_executable', 'gopls') ==# 'gopls'
  let g:ale_go_gopls_executable = s:gopls
  let g:ale_go_gopls_use_global = 1
endif

" vim-lsp-settings registers its gopls when the first Go file is opened.
let g:lsp_settings = get(g:, 'lsp_settings', {})
let g:lsp_settings.gopls = extend({'cmd': [s:gopls]}, get(g:lsp_settings, 'gopls', {}))

function! s:root_uri(server) abort
  let l:path = lsp#utils#get_buffer_path()
  let l:root = lsp#utils#find_nearest_parent_file_directory(l:path, ['go.work', 'go.mod', '.git/'])
  return empty(l:root) ? lsp#utils#get_default_root_uri() : lsp#utils#path_to_uri(l:root)
endfunction

" A gopls that your vimrc registers keeps all its settings but the command.
function! s:register() abort
  if index(lsp#get_server_names(), 'gopls') >= 0
    let l:server = copy(lsp#get_server_info('gopls'))
  else
    let l:server = {'name': 'gopls', 'allowlist': ['go', 'gomod', 'gowork']}
    let l:server.root_uri = function('s:root_uri')
  endif
  let l:server.cmd = {server -> [s:gopls]}
  call lsp#register_server(l:server)
endfunction

augroup hearth
  autocmd!
  autocmd User lsp_setup call s:register()
augroup END
