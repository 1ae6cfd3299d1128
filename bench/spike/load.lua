-- What wrk sends: the page that its address names, or a form of which each is somebody else's.
local form, prefix = os.getenv("FORM"), os.getenv("PREFIX")
local number = 0

wrk.headers["Host"] = os.getenv("HOST_NAME")
wrk.headers["X-Forwarded-Proto"] = "https"
wrk.headers["Accept-Encoding"] = "br"
wrk.headers["Cookie"] = os.getenv("COOKIE")

if form then
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Sec-Fetch-Site"] = "same-origin"
  wrk.headers["Referer"] = "https://" .. os.getenv("HOST_NAME") .. "/"
  function request()
    number = number + 1
    wrk.headers["X-Forwarded-For"] = string.format(
      "%d.%d.%d.7", 1 + number % 200, math.floor(number / 200) % 250, math.floor(number / 50000))
    return wrk.format("POST", nil, nil, form .. "&email=" .. prefix .. number .. "%40example.org")
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %f, "refused": %d, "lost": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
