/** Why a reception was not paid; codes of the wireless sector (spec 4 keeps 100 and above for sectors). */
export const WIRELESS_REASON = {
  notUplink: 100,
  duplicate: 101,
  outsideEpoch: 102,
  replayed: 103,
  tooManyCopies: 104,
  frequency: 105,
  rssi: 106,
  snr: 107,
} as const

export const WIRELESS_REASON_TEXT: Readonly<Record<number, string>> = {
  100: 'The frame is not an uplink, so nobody pays for carrying it.',
  101: 'This device reported the same frame before in this epoch; a device is paid once per uplink.',
  102: 'The time of reception lies outside the epoch the report counts in.',
  103: 'This very frame was already paid in an earlier epoch.',
  104: 'More devices heard the uplink than copies are bought; the beacon drew others.',
  105: "The frequency is not one of the region's uplink channels.",
  106: 'No receiver measures such a signal strength.',
  107: 'At this signal-to-noise ratio the spreading factor can not be demodulated.',
}
