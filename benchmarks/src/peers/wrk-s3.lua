-- Requests of a load of wrk on an S3 server: METHOD FILE [BODY], where FILE holds a presigned path a line and BODY is what every request sends.
-- Made before the clock runs; they take turns, so that requests on their way at once hardly ever name the same object.
local requests, last = {}, 0

function init(args)
  local body
  if args[3] then
    local file = assert(io.open(args[3], 'rb'))
    body = file:read('*a')
    file:close()
  end
  for path in io.lines(args[2]) do
    requests[#requests + 1] = wrk.format(args[1], path, nil, body)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"failed":%d}\n',
    summary.requests,
    summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
