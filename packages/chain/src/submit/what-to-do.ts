const early = 'Wait for the time that is named, and send it again.'
const late = 'It is too late for this epoch; go on with the next one.'
const done = 'Nothing: it is done already.'
const stale = 'Bring the history up to date, derive it again from there, and send that.'
const proof = 'Derive the proof again from the evidence and the root, with the trees of spec 5.'
const account = 'Send it with the account that is named.'
const bond = 'Deposit the bond for this role; it counts from the next epoch on.'

/** What to do about each error of the contracts. The ones left out speak for themselves. */
const fixes: Readonly<Record<string, string>> = {
  AlreadyAttested: done,
  AlreadyBacked: done,
  AlreadyCommitted: done,
  AlreadyDisputed: 'Follow the dispute that is open already.',
  AlreadyExecuted: done,
  AlreadyProven: done,
  AlreadyShown: done,
  AlreadyVoted: done,
  AccountEmpty: 'Ask the payer to buy credits; what is due stays due.',
  AnswerInvalid: proof,
  AuthorizationExpired: 'Ask the owner for a new signature with a later deadline.',
  AuthorizationInvalid:
    "Ask the device's owner to sign; the one who signed is not, or signed something else.",
  BatchNotPaid: early,
  BeaconMissing:
    'Name the contract of a drand chain as the beacon, `createDrandBeacon` makes one; only the local chain does without.',
  BeaconNotKnown: 'Bring the drand round of that time to the network’s beacon, then send it again.',
  BatchInvalid: 'Send at least one and at most as many as it names; more in further calls.',
  BeaconTooLate: 'Nothing: nobody is at fault in this period. A proof still counts until it ends.',
  BaseNotFunded: 'Give the band the total of its base when its token is made, and create it again.',
  BondTooSmall: 'Deposit or leave in at least the minimum that is named.',
  ClaimedDiffers: 'Look at what was claimed since, agree on the price again, and send it with that amount.',
  ClaimInvalid: proof,
  CommitsDoNotConflict: 'Only group commits of one epoch that overlap and differ prove a fault.',
  DataSetFull: 'Create another data set for what does not fit.',
  DeviceIsRevoked: 'Register the device anew with another key; a revocation is for good.',
  DeviceSignatureInvalid:
    'Have the device sign the onboarding or rotation digest of exactly this network, owner and class, with low s.',
  DeviceUnknown: 'Check network and index; the device is not registered.',
  EmptyCommitment: 'Commit nothing for an epoch without reports.',
  EpochNotOver: 'Ask for an epoch that has begun: what customers pay in later ones is not known.',
  EpochNotStarted: early,
  ERC20InsufficientBalance: 'Ask for no more than there is.',
  ERC5805FutureLookup: early,
  EvidenceDiffers: stale,
  EvidenceNotCovered: 'Name a newer final root, or wait until one covers that slot.',
  EvidenceStillOpen: early,
  ExitNotCleared: 'Clear the exit first: `clearBondExit`, or `cairn bond withdraw`, which does both.',
  ExitTooEarly: early,
  ExitUnderWay: 'Wait until the batch that leaves is out; `completePoolExit` when it is due.',
  ExitsFirst: 'Resolve what the pool attested, and complete the exit; attest again then.',
  FeeTooHigh: 'Ask for a fee below what is paid.',
  GovernorAlreadyCastVote: 'Nothing: a vote can not be changed.',
  GovernorInsufficientProposerVotes:
    'Lock more of the network’s token, or have others give you their votes; it counts from the next second on.',
  GovernorNonexistentProposal: 'Check the proposal’s id.',
  GovernorOnlyExecutor: 'Propose it: only a passed proposal may do this.',
  GovernorUnableToCancel: 'Its proposer can take it back until its vote begins; then vote against it.',
  GovernorUnexpectedProposalState: 'Look at the proposal’s state: this can not be done with it now.',
  InsufficientAllowance: 'Approve the contract for the amount first.',
  InsufficientBalance: 'Get more of the network’s token.',
  LeafProofInvalid:
    'Derive that leaf’s path again from the piece’s bytes; where they do not hash to its commitment, the piece is damaged.',
  MakerSignatureInvalid: 'Have an approved maker of this class sign the device’s key.',
  MeterExpired: 'Ask the seller to sign its meter again, with a later end.',
  MeterNotSigned:
    'Ask the seller that is named to sign exactly this meter; a contract wallet says so itself, by ERC-1271.',
  MeterOfAnother: 'Take the meter and the voucher of one network, payer, seller and program.',
  NetworkExists: 'Choose another salt.',
  NetworkUnknown: 'Check the network id and that the deployment is the one it was created on.',
  NextExitTooEarly: early,
  NoBondTerms: 'Have the network’s owner set terms for operator bonds; they act from the next epoch on.',
  NoFaults: 'Nothing: the root finds no fault of this device.',
  NoWeight: bond,
  NotAttesting: late,
  NotAvailabilityPhase: late,
  NotCommitted: 'Announce the challenge first, and make it with the same account and the same salt.',
  NotDeviceOwner: account,
  NotDue: early,
  NotFinalisable: 'Wait until the window is over and no challenge is open.',
  NotGuardian: account,
  NotHolder: bond,
  NotOnHead: stale,
  ReminterDiffers:
    'Use a token that was made with this band as its reminter; for another token choose a fixed schedule.',
  NotOwner: 'Propose it to the timelock that owns the network.',
  NotSealing:
    'Commit between the end of the epoch and the end of its attesting; what missed even that can not be committed any more.',
  NothingToRelease: done,
  NothingToResolve: done,
  NothingToProve: 'Nothing: the set was empty when the period froze, and owes nothing for it.',
  NothingWrong: 'Nothing: the root is right in what this challenge looks at.',
  NotEnoughCredits: 'Buy credits first, or ask for no more than there are.',
  NothingDue: 'Nothing: all that both meters say was paid before. A newer voucher acknowledges more.',
  NotSeller:
    'Send it with the account that is named, or have it sign its meter: then anybody can redeem for it.',
  OverBudget: stale,
  OverCap: 'Deposit more bond, which raises the cap from the next epoch on.',
  P256Missing: 'Deploy to a chain with the P-256 precompile at 0x100 (EIP-7951).',
  ParentNotFinal: 'Finalise the parent first.',
  PeriodFrozen: 'Remove in the next period, from its begin on; what stays until then is under challenge.',
  PieceUnknown: 'Look at the pieces of the set again: this one was never added, or is gone.',
  PrecompileFailed:
    'Give it more gas; if that does not help, this chain has no precompiles of BN254 (EIP-196, EIP-197).',
  PrecompilesWrong: 'Deploy to a chain with the precompiles of BN254 (EIP-196, EIP-197).',
  ProgramPays: 'Propose terms whose fault program has weight 0 in the ruleset.',
  ProofInvalid: proof,
  PublicKeyInvalid:
    'Give the public key as the drand chain’s info has it: four words, imaginary parts first.',
  RangeBroken: stale,
  ReceiptHonoured: 'Nothing: the report stands where the receipt says.',
  ReleaseTooEarly: early,
  RevealTooEarly: 'Wait one more block.',
  RootNotFinal: 'Use a root that is final, or wait until this one is.',
  CommitmentNotDue: early,
  ScheduleOutOfBounds:
    'Choose that parameter of the schedule within the bounds that are named; a total is what all epochs emit together.',
  SelfDelegationTooSmall: 'The pool’s operator has to put in more of its own first, or take out less.',
  SetFull: 'Wait until a holder of this role has left.',
  SetEnded: 'Create another data set: this one was terminated, and owes nothing after its last period.',
  NotCovered: 'Fund the rail by what is missing, and send it again.',
  NotOver: early,
  ProofsStillDue: early,
  RepairNotDue: early,
  NoOffer: 'Ask the device’s owner to make an offer, or open a rail to another device.',
  NoRailTerms: 'The network’s owner sets rail terms first.',
  RailUnknown: 'Check the id; rails count from 0, for all networks together.',
  SetOfARail: 'Change the set through its rail.',
  SetUnknown: 'Check the id; data sets count from 0, for all networks together.',
  SlotUnknown: stale,
  SnapshotDiffers: stale,
  OutflowInvalid: 'Give both a limit and a window of 1 to 64 epochs, or neither.',
  OutflowTooLow: 'Raise the limit to what that many epochs emit at first, or leave it out.',
  StillLiable: 'Resolve the roots and release the commitments that are still open, and send it again.',
  AccessControlUnauthorizedAccount: 'Propose it: only a passed proposal may do this.',
  TimelockUnauthorizedCaller: 'Propose it: only a passed proposal may do this.',
  TimelockUnexpectedOperationState: early,
  TimelineTooShort: 'Lengthen that part of the timeline; the short ones are for chain id 31337 only.',
  TooEarlyToCollect: early,
  TooLate: 'The move’s time is over: call timeout.',
  TopsDiffer: proof,
  WindowNotOpen: early,
  WorkProofInvalid: proof,
  WeightsNotWhole: 'Give weights in basis points that sum to 10 000.',
  WeightsOutOfOrder:
    'Give the first point of weights at 0 epochs, and each other one later than the one before.',
  WeightCountInvalid: 'Give one to eight points of weights: the ruleset’s own, and up to seven shifts.',
  ReturnTooLarge: 'Bound what a program returns of its burn by at most 10 000 basis points.',
  Unknown: 'Check the address and the arguments: the contract gave no reason that is known here.',
}

/** What to do next about a contract's error. */
export function whatToDo(errorName: string): string {
  return (
    fixes[errorName] ??
    'Correct what it names and send it again; the contract’s interface says when it reverts so.'
  )
}
