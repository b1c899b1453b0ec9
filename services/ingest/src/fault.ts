/**
 * A fault to inject, so that attacks are played by the released service:
 *
 * - `drop-acked`: acknowledges reports and leaves the last one of each epoch out when sealing (challenge 7);
 * - `equivocate`: hands out every second receipt under another group commit over the same indexes (challenge 8).
 */
export type IngestFault = 'drop-acked' | 'equivocate'
