-- Lives a life in Neovim, which has the file open, and writes what it shows to
-- $EDITORTEST_OUT.
local env = setmetatable({}, {
  __index = function(_, name)
    return vim.env[name] or "" -- where an empty variable is nil
  end,
})
local ms = tonumber(env.EDITORTEST_MS)
local severities = { "E", "W", "I", "I" }

local function found()
  local list = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    table.insert(list, {
      lnum = d.lnum + 1,
      col = d.col + 1,
      type = severities[d.severity],
      text = d.message,
      code = tostring(d.code or ""),
    })
  end
  return list
end

local function wait_for(text)
  if text ~= "" then
    vim.wait(ms, function()
      for _, d in ipairs(found()) do
        if d.text:find(text, 1, true) then
          return true
        end
      end
      return false
    end, 50)
  end
  return found()
end

-- take_float closes the floating window and returns its text.
local function take_float()
  for _, win in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(win).relative ~= "" then
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(win), 0, -1, false)
      vim.api.nvim_win_close(win, true)
      return table.concat(lines, "\n")
    end
  end
end

local function hover(text)
  if text == "" then
    return ""
  end
  vim.api.nvim_win_set_cursor(0, { tonumber(env.EDITORTEST_HOVER_LINE), tonumber(env.EDITORTEST_HOVER_COLUMN) - 1 })
  local shown = ""
  local deadline = vim.loop.now() + ms
  while not shown:find(text, 1, true) and vim.loop.now() < deadline do
    vim.lsp.buf.hover()
    vim.wait(1000, function()
      local float = take_float()
      shown = float or shown
      return float ~= nil
    end, 20)
  end
  return shown
end

-- An empty table would be an object.
local function list(found)
  return #found == 0 and vim.fn.json_decode("[]") or found
end

local function live()
  local lived = { after = list({}) }
  lived.diagnostics = list(wait_for(env.EDITORTEST_UNTIL))
  lived.hover = hover(env.EDITORTEST_HOVER)
  if env.EDITORTEST_INSERT ~= "" then
    vim.api.nvim_buf_set_lines(0, -1, -1, false, { env.EDITORTEST_INSERT })
    vim.cmd("write")
    lived.after = list(wait_for(env.EDITORTEST_UNTIL_AFTER))
  end
  return vim.fn.json_encode(lived)
end

-- After an error Neovim would wait for the next command.
local ok, written = pcall(live)
vim.fn.writefile({ written }, env.EDITORTEST_OUT)
vim.cmd(ok and "qall" or "cquit")
