/** What the replay's own copy of the rules needs to know of them. */
export interface ExpectedRules {
  /** Receptions of one frame that are paid. */
  readonly maxCopies: number
  /** Epochs that a frame paid before is remembered after it was last seen. */
  readonly carryEpochs: number
}

/** A reception of one frame: the epoch its report counts in, and who heard it. */
export interface HeardCopy {
  readonly epoch: number
  readonly device: number
}

/** How many receptions should have which reason. */
export type ReasonCounts = Map<number, number>

/**
 * What should become of all receptions of one frame whose radio values are plausible, by the words of the sector's README
 * and not by its code: in the first epoch each device is paid once (else 101), up to `maxCopies` devices (else 104);
 * in later ones nobody (103), unless the frame was forgotten meanwhile.
 */
export function expectVerdicts(
  copies: readonly HeardCopy[],
  { maxCopies, carryEpochs }: ExpectedRules,
): ReasonCounts {
  const expected: ReasonCounts = new Map()
  const add = (reason: number, count: number) => {
    if (count > 0) expected.set(reason, (expected.get(reason) ?? 0) + count)
  }
  const byEpoch = [...Map.groupBy(copies, ({ epoch }) => epoch)].sort(([a], [b]) => a - b)
  let lastSeen: number | undefined
  for (const [epoch, heard] of byEpoch) {
    const isRemembered = lastSeen !== undefined && epoch - lastSeen <= carryEpochs
    lastSeen = epoch
    if (isRemembered) {
      add(103, heard.length)
      continue
    }
    const devices = new Set(heard.map(({ device }) => device)).size
    add(0, Math.min(devices, maxCopies))
    add(104, devices - maxCopies)
    add(101, heard.length - devices)
  }
  return expected
}
