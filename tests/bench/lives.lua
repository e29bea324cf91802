-- SPDX-License-Identifier: Apache-2.0
-- wrk leads whole lives of cases, in counties drawn by turns; each client goes on with whichever case waits. Arguments: the
-- keys' beginning, the applicant, the file of the counties ("code host cookies…" a line), the life, the item, and its papers as JSON.
-- A life is a mere "draft"; or "short": drafted and withdrawn; or "whole": its seven steps from the draft to the delivery.
dofile("load.lua") -- says at the end how it went
local LIVES = {
    draft = { { who = 1 } },
    short = { { who = 1 }, { who = 1, action = "withdraw" } },
    whole = {
        { who = 1 }, { who = 1, action = "submit" }, { who = 2, action = "accept" }, { who = 2, action = "pass" },
        { who = 3, action = "grant" }, { who = 1, action = "issue" }, { who = 1, action = "deliver" },
    },
}
-- Written by one format: wrk's own way of putting a request together was a sixth of what the generator cost.
local REQUEST = "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/json\r\nIdempotency-Key: %s%d\r\n" ..
    "Content-Length: %d\r\n\r\n%s"
local counties, by_code, waiting, at = {}, {}, {}, {}
local serial, begun, key, applicant, steps, item, papers = 0, 0, nil, nil, nil, nil, nil

function init(args)
    key, applicant, steps, item, papers = args[1], args[2], LIVES[args[4]], args[5], args[6]
    for line in io.lines(args[3]) do
        local code, host, cookies = line:match("^(%S+) (%S+) (.+)$")
        local county = { host = host, cookies = {} }
        for cookie in cookies:gmatch("%S+") do
            county.cookies[#county.cookies + 1] = cookie
        end
        counties[#counties + 1], by_code[code] = county, county
    end
end

local function send(county, step, path, body)
    serial = serial + 1
    return REQUEST:format(path, county.host, county.cookies[step.who], key, serial, #body, body)
end

function request()
    local case = table.remove(waiting)
    if case then
        local step = steps[at[case.number] + 1]
        return send(by_code[case.number:sub(1, 6)], step, "/desk/cases/" .. case.number .. "/" .. step.action,
            '{"seen":' .. case.seen .. (step.action == "submit" and ',"materials":' .. papers or "") .. ',"opinion":"同意","reason":"bench"}')
    end
    begun = begun + 1
    return send(counties[begun % #counties + 1], steps[1], "/desk/apply/" .. item, applicant)
end

-- An answer begins with the case's number, be it the whole case or what an action says of it.
function response(status, _, body)
    local number, seen = body:match '"number":"(%d+)"', body:match '"seen":(%d+)'
    if status >= 300 or not number or not seen then
        io.write(string.format("failed: %d %s\n", status, body))
        wrk.thread:stop()
        return
    end
    at[number] = (at[number] or 0) + 1
    if at[number] < #steps then
        waiting[#waiting + 1] = { number = number, seen = seen }
    else
        at[number] = nil
    end
end
