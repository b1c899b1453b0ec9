import type { ReportErrorCode } from '@cairn/protocol'

/** Why a report was not taken. What {@link ReportErrorCode} adds is about its form. */
export type RejectionCode =
  | ReportErrorCode
  | 'wrong_network'
  | 'wrong_epoch'
  | 'clock_skew'
  | 'unknown_device'
  | 'revoked_device'
  | 'bad_signature'
  | 'high_s'
  | 'body_mismatch'
  | 'duplicate_sequence'
  | 'rate_limited'
  | 'epoch_full'
  | 'sealed'

/** A report that was not taken: for programs the code, for people what happened and what to do next. */
export interface Rejection {
  readonly status: 'rejected'
  readonly code: RejectionCode
  readonly message: string
  readonly fix: string
}

const reject = (code: RejectionCode, message: string, fix: string): Rejection => ({
  status: 'rejected',
  code,
  message,
  fix,
})

/** The rejection of every kind, in the order in which a report meets them. Times are in ms. */
export const rejections = {
  wrongNetwork: (found: string, expected: string) =>
    reject(
      'wrong_network',
      `The report is for network ${found}; this ingest serves ${expected}.`,
      'Send it to an ingest of its network, or configure the device with the id of this one.',
    ),
  wrongEpoch: (found: number, open: number, opensAtMs: number) =>
    reject(
      'wrong_epoch',
      found > open
        ? `The report is for epoch ${found}, which begins at ${opensAtMs} ms; the epoch open now is ${open}.`
        : `The report is for epoch ${found}, which is over; the epoch open now is ${open}.`,
      'Sign reports for the epoch that GET /v1/networks/{network}/clock names, and set the device’s clock by it.',
    ),
  sealed: (found: number, open: number) =>
    reject(
      'sealed',
      `The report is for epoch ${found}, which this ingest has sealed; the epoch open now is ${open}.`,
      'Sign the observations again in a report for the open epoch, if the sector’s rules let them count there.',
    ),
  clockSkew: (timeMs: number, nowMs: number, fromMs: number, untilMs: number) =>
    reject(
      'clock_skew',
      `The report’s time is ${timeMs} ms; for its epoch it may be from ${fromMs} to ${untilMs} ms, and here it is ${nowMs} ms.`,
      'Set the device’s clock by GET /v1/networks/{network}/clock.',
    ),
  unknownDevice: (device: number, count: number, epoch: number) =>
    reject(
      'unknown_device',
      `Device ${device} is not registered in epoch ${epoch}, which has ${count} devices, numbered from 0.`,
      'Onboard the device. It acts from the epoch after the one in which that transaction was included.',
    ),
  revokedDevice: (device: number, epoch: number) =>
    reject(
      'revoked_device',
      `Device ${device} is revoked in epoch ${epoch}.`,
      'A revocation is for good: onboard the hardware again with a new key.',
    ),
  highS: () =>
    reject(
      'high_s',
      'The signature’s s is above half the order of P-256, so the same report could be signed in two forms.',
      'Replace s by n − s, as lowS of @cairn/protocol does. The report need not be signed again.',
    ),
  badSignature: (device: number, epoch: number) =>
    reject(
      'bad_signature',
      `The signature does not verify under the key that device ${device} has in epoch ${epoch}.`,
      'Sign the 102 bytes of specs/2-report.md with ES256. After a rotation the old key signs until the epoch ends.',
    ),
  bodyMismatch: () =>
    reject(
      'body_mismatch',
      'The observations do not have the body root that the header signs.',
      'Send the observations the report was signed over, unchanged and in their order.',
    ),
  duplicateSequence: (device: number, epoch: number, sequence: number) =>
    reject(
      'duplicate_sequence',
      `Another report of device ${device} in epoch ${epoch} has sequence ${sequence} and was accepted before this one.`,
      'Give every report of an epoch a sequence of its own, and keep the last one on disk.',
    ),
  deviceRate: (device: number, perSecond: number, burst: number) =>
    reject(
      'rate_limited',
      `Device ${device} sends faster than ${perSecond} reports a second with a burst of ${burst}.`,
      'Put more observations into each report (up to 1024), and send this one again later.',
    ),
  sourceRate: (perSecond: number) =>
    reject(
      'rate_limited',
      `From this address came more than ${perSecond} reports a second whose signature or body is wrong.`,
      'Correct the reports named bad_signature or body_mismatch before, wait a minute and send this one again.',
    ),
  deviceFull: (device: number, most: number, epoch: number) =>
    reject(
      'epoch_full',
      `Device ${device} has ${most} reports in epoch ${epoch}, which is what this ingest takes from one device.`,
      'Put more observations into each report, or use another ingest of the network.',
    ),
  epochFull: (epoch: number, reports: number, bytes: number) =>
    reject(
      'epoch_full',
      `Epoch ${epoch} is full here: this ingest’s bond lets it commit ${reports} reports and ${bytes} bytes.`,
      'Use another ingest of the network; the operator of this one can raise its bond.',
    ),
} as const
