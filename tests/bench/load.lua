-- SPDX-License-Identifier: Apache-2.0
-- wrk asks for always the same page, or, with a body, an action under a key that no other request has.
-- Arguments: the key's beginning and the body. Says at the end how it went, in one line.
local serial, head, body = 0, nil, nil

function init(args)
    head, body = args[1], args[2]
end

function request()
    if not body then
        return wrk.format()
    end
    serial = serial + 1
    wrk.headers["Idempotency-Key"] = head .. serial
    return wrk.format("POST", nil, nil, body)
end

function done(summary, latency)
    local e = summary.errors
    local failed = e.connect + e.read + e.write + e.status + e.timeout
    io.write(string.format("bench %d %d %d %d %d\n", summary.requests, summary.duration, failed,
        latency:percentile(50), latency:percentile(99)))
end
