-- Script for wrk: requests a different URL each time. Its argument is the path, in which {n} becomes
-- the number of the request.
local template
local count = 0

function init(args)
  template = args[1]
end

function request()
  count = count + 1
  return wrk.format("GET", (template:gsub("{n}", count)))
end
