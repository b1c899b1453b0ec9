/** Loaded with `--import` before a program: its clock is ahead by CAIRN_TEST_AHEAD_MS, as after a long sleep of the machine. */
const aheadMs = Number(process.env.CAIRN_TEST_AHEAD_MS ?? 0)
const now = Date.now
Date.now = () => now() + aheadMs
