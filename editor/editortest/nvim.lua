-- Waits for diagnostics of the open file and writes them to $EDITORTEST_OUT.
local names = { "E", "W", "I", "I" }

local function found()
  local list = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    table.insert(list, {
      lnum = d.lnum + 1,
      col = d.col + 1,
      type = names[d.severity],
      text = d.message,
      code = tostring(d.code or ""),
    })
  end
  return list
end

vim.wait(tonumber(vim.env.EDITORTEST_MS), function()
  for _, d in ipairs(found()) do
    if vim.env.EDITORTEST_UNTIL ~= "" and d.text:find(vim.env.EDITORTEST_UNTIL, 1, true) then
      return true
    end
  end
  return false
end, 50)

local list = found()
vim.fn.writefile({ #list == 0 and "[]" or vim.fn.json_encode(list) }, vim.env.EDITORTEST_OUT)
vim.cmd("qall!")
