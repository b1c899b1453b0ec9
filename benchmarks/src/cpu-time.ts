/** Runs `work` over and over for at least `seconds` of this process's CPU time; returns rounds per second of it. */
export function roundsPerCpuSecond(seconds: number, work: () => void): number {
  const start = process.cpuUsage()
  for (let rounds = 1; ; rounds++) {
    work()
    const { user, system } = process.cpuUsage(start)
    if (user + system >= seconds * 1e6) return (rounds * 1e6) / (user + system)
  }
}
