-- Neovim 0.11 and later read this behind every other lsp/gopls.lua, so only
-- vim.lsp.config("gopls", ...) in your init.lua has the last word over it.
-- To switch it off: vim.g.hearth = 0 in your init.lua.

local gopls = @GOPLS@
if vim.g.hearth == 0 or vim.fn.executable(gopls) == 0 then
  return {}
end
return {
  cmd = { gopls },
  -- As in nvim-lspconfig, for those who do not have it.
  filetypes = { "go", "gomod", "gowork", "gotmpl" },
  root_markers = { "go.work", "go.mod", ".git" },
}
