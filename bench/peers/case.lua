-- SPDX-License-Identifier: Apache-2.0
-- Each of wrk's threads is one client with one connection, who leads one case after the other from its draft to its
-- delivery. Arguments: the beginning of every key, the item, the cookies of the clerk, the reviewer and the approver, the
-- names of the item's papers as JSON.
-- Says at the end as the peers do: "STEP MICROSECONDS" for every step taken, then "lives N SECONDS".
local ffi = require "ffi"
ffi.cdef [[
    typedef struct { long seconds, nanoseconds; } clock_reading;
    int clock_gettime(int clock, clock_reading *reading);
]]

local MONOTONIC = 1
local APPLICANT = '{"party_kind":"person","name":"张三丰","id_number":"330482196001011239","telephone":"13800001111"}'
local STEPS = {
    { name = "create", who = 1 }, { name = "submit", who = 1 }, { name = "accept", who = 2 },
    { name = "review", who = 2, action = "pass" }, { name = "decide", who = 3, action = "grant" },
    { name = "issue", who = 1 }, { name = "deliver", who = 1 },
}
-- Written by one format: wrk's own way of putting a request together was a sixth of what the generator cost.
local REQUEST = "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/json\r\nIdempotency-Key: %s%d-%d\r\n" ..
    "Content-Length: %d\r\n\r\n%s"
local reading = ffi.new "clock_reading"
local head, item, cookies, papers, host = nil, nil, nil, nil, nil
local at, serial, case, began = 1, 0, nil, 0
local threads = {}

-- Globals, for done() to ask every thread for: what is not yet written, and how many lives were ended.
rest, lives = "", 0

local function microseconds()
    ffi.C.clock_gettime(MONOTONIC, reading)
    return tonumber(reading.seconds) * 1e6 + tonumber(reading.nanoseconds) / 1e3
end

function setup(thread)
    table.insert(threads, thread)
    thread:set("client", #threads)
end

function init(args)
    head, item, cookies, papers = args[1], args[2], { args[3], args[4], args[5] }, args[6]
    host = wrk.host .. ":" .. wrk.port
end

function request()
    local step = STEPS[at]
    serial = serial + 1
    local path, body = "/desk/apply/" .. item, APPLICANT
    if at > 1 then
        path = "/desk/cases/" .. case.number .. "/" .. (step.action or step.name)
        body = '{"seen":' .. case.seen .. (step.name == "submit" and ',"materials":' .. papers or "") .. ',"opinion":"同意"}'
    end
    began = microseconds()
    return REQUEST:format(path, host, cookies[step.who], head, client, serial, #body, body)
end

-- Written in pieces, since wrk hands no tables from thread to thread.
local function note(step, time)
    rest = rest .. string.format("%s %d\n", step, time)
    if #rest > 4000 then
        io.write(rest)
        rest = ""
    end
end

function response(status, _, body)
    local step, number, seen = STEPS[at].name, body:match '"number":"(%d+)"', body:match '"seen":(%d+)'
    if status >= 300 or not number or not seen then
        io.write(string.format("failed %s: %d %s\n", step, status, body))
        wrk.thread:stop()
        return
    end
    note(step, microseconds() - began)
    case = { number = number, seen = seen }
    lives = lives + (at == #STEPS and 1 or 0)
    at = at % #STEPS + 1
end

function done(summary)
    local sum, e = 0, summary.errors
    for _, thread in ipairs(threads) do
        sum = sum + thread:get "lives"
        io.write(thread:get "rest")
    end
    if e.connect + e.read + e.write + e.timeout > 0 then
        io.write(string.format("failed %d connects, %d reads, %d writes, %d late\n", e.connect, e.read, e.write, e.timeout))
    end
    io.write(string.format("lives %d %f\n", sum, summary.duration / 1e6))
end
