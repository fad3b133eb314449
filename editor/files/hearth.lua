-- Neovim starts hearth where it would have started gopls.
-- To switch this off: vim.g.hearth = 0 in your init.lua.

local gopls = @GOPLS@
if vim.g.loaded_hearth or vim.g.hearth == 0 or vim.fn.has("nvim-0.7") == 0 or vim.fn.executable(gopls) == 0 then
  return
end
vim.g.loaded_hearth = 1

if vim.fn.has("nvim-0.11") == 1 then
  vim.lsp.enable("gopls") -- after/lsp/gopls.lua says what that is
  return
end

-- Neovim 0.7 to 0.10 have no configuration to add to. start_client is in all
-- of them; vim.lsp.start came with 0.8 and would do the same.
local clients = {} -- by root folder
local latest -- the one that was started or used last

-- library reports whether file is not a part of the user's work: a module in
-- the cache or the standard library. Its definitions are for the client that
-- led there; a client of its own would load all of it again.
local function library(file, root)
  return file:find("/pkg/mod/", 1, true) ~= nil
    or vim.fn.fnamemodify(root, ":t") == "src" and vim.fn.filereadable(root .. "/../VERSION") == 1
end

local function root_of(file)
  local dir = vim.fn.fnamemodify(file, ":p:h")
  for _, marker in ipairs({ "go.work", "go.mod" }) do
    local found = vim.fn.findfile(marker, vim.fn.escape(dir, " ,;\\") .. ";")
    if found ~= "" then
      return vim.fn.fnamemodify(found, ":p:h")
    end
  end
  return dir
end

local function attach(buf)
  -- nvim-lspconfig has its own gopls if the init.lua asked it for one.
  local configs = package.loaded["lspconfig.configs"]
  if configs and rawget(configs, "gopls") then
    return
  end
  local file = vim.api.nvim_buf_get_name(buf)
  if file == "" or vim.bo[buf].buftype ~= "" then
    return
  end
  local root = root_of(file)
  local id = clients[root]
  if latest and library(file, root) then
    id = latest
  end
  if not id or not vim.lsp.get_client_by_id(id) then
    id = vim.lsp.start_client({ name = "gopls", cmd = { gopls }, root_dir = root })
    clients[root] = id
  end
  if id then
    latest = id
    vim.lsp.buf_attach_client(buf, id)
  end
end

vim.api.nvim_create_autocmd("FileType", {
  group = vim.api.nvim_create_augroup("hearth", {}),
  pattern = { "go", "gomod", "gowork" },
  callback = function(event)
    attach(event.buf)
  end,
})
