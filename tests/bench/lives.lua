-- SPDX-License-Identifier: Apache-2.0
-- What wrk does: whole lives, the shortest there are. A case is drafted in a county drawn by turns, and withdrawn as soon as
-- its number is known. Arguments: the keys' beginning, the applicant, and a file of the counties ("code host cookie" a line).
dofile("load.lua") -- says at the end how it went
local counties, by_code, begun = {}, {}, {}
local serial, key, applicant = 0, nil, nil

function init(args)
    key, applicant = args[1], args[2]
    for line in io.lines(args[3]) do
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
    return send(counties[serial % #counties + 1], nil, applicant)
end

function response(status, headers, body)
    local number, state = body:match('^{"number":"(%d+)".-"state":"(%a+)"')
    if state == "draft" then
        begun[#begun + 1] = number
    end
end
