-- wrk script: one submission per request, each of another customer. All have the same length, so that they cost little.

local head = "POST /support/submit HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
local body = '{"name":"Ann Example","email":"customer.%03d.%09d@load.example","subject":"Signing in",'
  .. '"category":"technical","priority":"medium","message":"I forgot my password. How do I get a new one?"}'
local length = #string.format(body, 0, 0)
local whole = head .. length .. "\r\n\r\n" .. body

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function init()
  count = 0
end

function request()
  count = count + 1
  return string.format(whole, id, count)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'load-result {"requests":%d,"micros":%d,"p50_micros":%d,"p99_micros":%d,"non_2xx":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
