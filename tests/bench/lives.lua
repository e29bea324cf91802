-- SPDX-License-Identifier: Apache-2.0
-- What wrk does: whole lives, the shortest there are. A case is drafted in a county drawn by turns, and withdrawn as soon as
-- its number is known. Arguments: the keys' beginning, a file of the counties ("code host cookie" a line), the item's address
-- and the applicant. Says at the end how it went, in one line.
local counties, by_code, begun = {}, {}, {}
local serial, key, path, applicant = 0, nil, nil, nil

function init(args)
    key, path, applicant = args[1], args[3], args[4]
    for line in io.lines(args[2]) do
        local code, host, cookie = line:match("^(%S+) (%S+) (%S+)$")
        counties[#counties + 1] = { host = host, cookie = cookie }
        by_code[code] = counties[#counties]
    end
end

local function send(county, address, body)
    serial = serial + 1
    wrk.headers["Idempotency-Key"] = key .. serial
    wrk.headers["Host"] = county.host
    wrk.headers["Cookie"] = county.cookie
    return wrk.format("POST", address, nil, body)
end

function request()
    local number = table.remove(begun)
    if number then
        return send(by_code[number:sub(1, 6)], "/desk/cases/" .. number .. "/withdraw", '{"seen": 1, "reason": "bench"}')
    end
    return send(counties[serial % #counties + 1], path, applicant)
end

function response(status, headers, body)
    local number, state = body:match('^{"number":"(%d+)".-"state":"(%a+)"')
    if state == "draft" then
        begun[#begun + 1] = number
    end
end

function done(summary, latency)
    local e = summary.errors
    local failed = e.connect + e.read + e.write + e.status + e.timeout
    io.write(string.format("bench %d %d %d %d %d\n", summary.requests, summary.duration, failed,
        latency:percentile(50), latency:percentile(99)))
end
