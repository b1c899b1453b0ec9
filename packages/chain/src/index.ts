export { createDrandBeacon } from './beacon/create-drand-beacon.ts'
export { type DrandChain, evmnet } from './beacon/drand-chain.ts'
export { readRoundAt } from './beacon/round-at.ts'
export { DrandError, type SubmitRoundArgs, submitRound } from './beacon/submit-round.ts'
export { readWordOf } from './beacon/word-of.ts'
export { type DeviceBond, readBondOf } from './bonds/bond-of.ts'
export { readBondTermsAt } from './bonds/bond-terms-at.ts'
export { type ClearBondExitArgs, clearBondExit } from './bonds/clear-bond-exit.ts'
export { type DepositBondArgs, depositBond } from './bonds/deposit-bond.ts'
export { readIsBonded } from './bonds/is-bonded.ts'
export { readIsExecuted } from './bonds/is-executed.ts'
export { readLeastBondOf } from './bonds/least-bond-of.ts'
export { requestBondExit } from './bonds/request-bond-exit.ts'
export { readScoreOf } from './bonds/score-of.ts'
export { type BondTerms, setBondTerms } from './bonds/set-bond-terms.ts'
export { setLeastBond } from './bonds/set-least-bond.ts'
export { type SlashOperatorArgs, slashOperator } from './bonds/slash-operator.ts'
export { slashPossession } from './bonds/slash-possession.ts'
export { withdrawBond } from './bonds/withdraw-bond.ts'
export { readBudgetOf } from './budgets/budget-of.ts'
export { readVerifierBudgetOf } from './budgets/verifier-budget-of.ts'
export { readWeightsAt } from './budgets/weights-at.ts'
export { type Call, encodeCall, type Transaction } from './call.ts'
export type { ChainReader } from './chain-reader.ts'
export { challengeCommitment, commitChallenge } from './challenges/commit.ts'
export { readCommittedAt } from './challenges/committed-at.ts'
export type {
  PayoutDescent,
  PayoutLeafProof,
  VerdictEntryProof,
  WorkDescent,
  WorkLeafProof,
} from './challenges/proofs.ts'
export { type ProveBadPayoutSumArgs, proveBadPayoutSum } from './challenges/prove-bad-payout-sum.ts'
export { type ProveBadVerdictSumArgs, proveBadVerdictSum } from './challenges/prove-bad-verdict-sum.ts'
export { type ProveBadWorkSumArgs, proveBadWorkSum } from './challenges/prove-bad-work-sum.ts'
export { type ProveDisorderArgs, proveDisorder } from './challenges/prove-disorder.ts'
export {
  type ProveEquivocationArgs,
  proveEquivocation,
  type SignedGroupCommit,
} from './challenges/prove-equivocation.ts'
export { type ProveOmissionArgs, proveOmission } from './challenges/prove-omission.ts'
export { type ProveWrongPayoutArgs, proveWrongPayout } from './challenges/prove-wrong-payout.ts'
export { BandError, type BandSchedule, NOBODY } from './deploy/create-band.ts'
export {
  type CreatedNetwork,
  type CreateNetworkOptions,
  createNetwork,
  type EmissionSchedule,
  isNetworkCreated,
  type OwnerChoice,
  type TokenChoice,
} from './deploy/create-network.ts'
export type {
  DecaySchedule,
  FixedSchedule,
  HalvingSchedule,
  MintingSchedule,
} from './deploy/create-schedule.ts'
export type { NewToken } from './deploy/create-token.ts'
export { create, DeployError, deploySingletons } from './deploy/deploy-singletons.ts'
export {
  type Deployment,
  DeploymentError,
  parseDeployment,
  type Singleton,
  serializeDeployment,
  singletons,
} from './deployment.ts'
export { readClaimedOf } from './devices/claimed-of.ts'
export { readClassOf } from './devices/class-of.ts'
export { readDeviceCount } from './devices/device-count.ts'
export { readIsDeviceCountAt } from './devices/is-device-count-at.ts'
export { readIsKeyAt } from './devices/is-key-at.ts'
export { readDeviceOwner } from './devices/owner-of.ts'
export { type RegisterDeviceArgs, registerDevice } from './devices/register.ts'
export { type RevokeDeviceArgs, revokeDevice } from './devices/revoke.ts'
export { type RotateDeviceArgs, rotateDevice } from './devices/rotate.ts'
export { type TransferDeviceArgs, transferDevice } from './devices/transfer-with-claimed.ts'
export { type DisputeRecord, readDisputeOf } from './disputes/dispute-of.ts'
export { readIsShown } from './disputes/is-shown.ts'
export type { NodePlace } from './disputes/node-place.ts'
export { readOpenDisputes } from './disputes/open-disputes.ts'
export { type OpenHiddenArgs, openHidden } from './disputes/open-hidden.ts'
export { type OpenHiddenAtArgs, openHiddenAt } from './disputes/open-hidden-at.ts'
export { type OpenHiddenVerdictArgs, openHiddenVerdict } from './disputes/open-hidden-verdict.ts'
export { type OpenHiddenVerdictAtArgs, openHiddenVerdictAt } from './disputes/open-hidden-verdict-at.ts'
export { type OpenUnbackedArgs, openUnbacked } from './disputes/open-unbacked.ts'
export { type PayOwedArgs, payOwed } from './disputes/pay-owed.ts'
export { type PickArgs, pick } from './disputes/pick.ts'
export { type ShowBackingArgs, showBacking } from './disputes/show-backing.ts'
export { type ShowChildrenArgs, showChildren } from './disputes/show-children.ts'
export { type ShowLeafArgs, showLeaf } from './disputes/show-leaf.ts'
export { type TimeoutDisputeArgs, timeoutDispute } from './disputes/timeout.ts'
export { type TreeKind, treeKindNumber, treeKinds } from './disputes/tree-kind.ts'
export { type WithdrawDisputeArgs, withdrawDispute } from './disputes/withdraw-dispute.ts'
export { advanceEmission } from './emission/advance.ts'
export { readCumulativeEmission } from './emission/cumulative.ts'
export { readMostEmitted } from './emission/most-emitted.ts'
export { readNextEmissionEpoch } from './emission/next-epoch.ts'
export { readEmissionTotal } from './emission/total.ts'
export { readBeaconOf } from './evidence/beacon-of.ts'
export { type CaptureBeaconArgs, captureBeacon } from './evidence/capture-beacon.ts'
export { type CommitEvidenceArgs, commitEvidence } from './evidence/commit.ts'
export { readCommitmentOf } from './evidence/commitment-of.ts'
export { recoverReceiptSigner, signGroupCommit } from './evidence/group-commit-signature.ts'
export { type MarkUnavailableArgs, markUnavailable } from './evidence/mark-unavailable.ts'
export { type ReleaseEvidenceArgs, releaseEvidence } from './evidence/release.ts'
export { readSlotCount } from './evidence/slot-count.ts'
export { readSlotOf, type SlotRecord } from './evidence/slot-of.ts'
export {
  type ChainFollower,
  type FollowedEvent,
  type FollowOptions,
  followChain,
  type SyncResult,
  UnsteadyChainError,
} from './follow/follow-chain.ts'
export {
  type FollowDisputesOptions,
  type FollowedDisputes,
  followDisputes,
} from './follow/follow-disputes.ts'
export { type FollowedNetwork, type FollowNetworkOptions, followNetwork } from './follow/follow-network.ts'
export { budgetsAbi } from './generated/budgets.ts'
export { challengesAbi } from './generated/challenges.ts'
export { commitRevealAbi } from './generated/commit-reveal.ts'
export { creditsAbi } from './generated/credits.ts'
export { devicesAbi } from './generated/devices.ts'
export { disputeGameAbi } from './generated/dispute-game.ts'
export { disputesAbi } from './generated/disputes.ts'
export { evidenceAbi } from './generated/evidence.ts'
export { fixedEmissionAbi } from './generated/fixed-emission.ts'
export { ingestChallengesAbi } from './generated/ingest-challenges.ts'
export { networkGovernorAbi } from './generated/network-governor.ts'
export { networkTokenAbi } from './generated/network-token.ts'
export { networksAbi } from './generated/networks.ts'
export { operatorBondsAbi } from './generated/operator-bonds.ts'
export { paymentsAbi } from './generated/payments.ts'
export { possessionProofsAbi } from './generated/possession-proofs.ts'
export { reserveAbi } from './generated/reserve.ts'
export { rewardVaultAbi } from './generated/reward-vault.ts'
export { settlementAbi } from './generated/settlement.ts'
export { stakeAbi } from './generated/stake.ts'
export { storageOffersAbi } from './generated/storage-offers.ts'
export { storageRailsAbi } from './generated/storage-rails.ts'
export { votingTokenAbi } from './generated/voting-token.ts'
export { cancelProposal } from './governance/cancel-proposal.ts'
export { type CastVoteArgs, castVote, type Support, supports } from './governance/cast-vote.ts'
export { createGovernor, type Governance } from './governance/create-governor.ts'
export { executeProposal } from './governance/execute-proposal.ts'
export { readGovernanceOf } from './governance/governance-of.ts'
export { type LockVotesArgs, lockVotes } from './governance/lock-votes.ts'
export {
  actionsOf,
  type ProposalAction,
  type ProposalContent,
  type ProposalState,
  proposalStates,
} from './governance/proposal.ts'
export {
  type CastVote,
  type Proposal,
  type ProposalStatus,
  readProposalStatus,
  readProposals,
} from './governance/proposals.ts'
export { propose } from './governance/propose.ts'
export { queueProposal } from './governance/queue-proposal.ts'
export { readRefusalOf } from './governance/refusal-of.ts'
export { delegateVotes, unlockVotes } from './governance/unlock-votes.ts'
export { readPastVotesOf, readVotesOf, type Votes } from './governance/votes-of.ts'
export { readVotingRules, type VotingRules } from './governance/voting-rules.ts'
export type { DeviceAt } from './history/device-history.ts'
export {
  createDisputeHistory,
  type DisputeEntry,
  type DisputeEvent,
  type DisputeHistory,
  type DisputeShowing,
  type DisputeTurn,
} from './history/dispute-history.ts'
export {
  type HistoryEvent,
  historyAbi,
  historyContracts,
  type LogPlace,
  timedEvents,
} from './history/history-abi.ts'
export { HistoryError } from './history/history-error.ts'
export type { NetworkCreation } from './history/history-state.ts'
export {
  createNetworkHistory,
  historyFromEvents,
  type NetworkHistory,
  type Snapshot,
  type WritableHistory,
} from './history/network-history.ts'
export type { Attestation, RootEntry } from './history/root-history.ts'
export type { AdoptedRuleset, RulesetRun } from './history/ruleset-history.ts'
export type { SlotEntry } from './history/slot-history.ts'
export type { Endpoint } from './history/stake-history.ts'
export { LOCAL_MNEMONIC, localAccount, localPrivateKey } from './local-account.ts'
export { type AdoptRulesetArgs, adoptRuleset } from './networks/adopt-ruleset.ts'
export { type ChangeOwnerArgs, changeOwner } from './networks/change-owner.ts'
export { type NetworkConfig, readConfigOf } from './networks/config-of.ts'
export { readNetworkExists } from './networks/exists.ts'
export { readIdOf } from './networks/id-of.ts'
export { readIsMaker } from './networks/is-maker.ts'
export { readMakerRequired } from './networks/maker-required.ts'
export { readNetworkOwner } from './networks/owner-of.ts'
export { type QuarantineArgs, quarantine } from './networks/quarantine.ts'
export { type RequireMakerArgs, requireMaker } from './networks/require-maker.ts'
export { readReserveOf } from './networks/reserve-of.ts'
export { readRulesetAt } from './networks/ruleset-at.ts'
export { type SetMakerArgs, setMaker } from './networks/set-maker.ts'
export { readTimelineOf } from './networks/timeline-of.ts'
export { readTokenOf } from './networks/token-of.ts'
export { readVaultOf } from './networks/vault-of.ts'
export { readCreditAccountOf } from './payments/account-of.ts'
export { readBurnedIn } from './payments/burned-in.ts'
export { type BuyCreditsArgs, buyCredits } from './payments/buy-credits.ts'
export { createGovernedFeed } from './payments/create-governed-feed.ts'
export { readCreditTermsOf } from './payments/credit-terms-of.ts'
export { type GovernedFeed, readGovernedFeed } from './payments/governed-feed-of.ts'
export { type Meter, meterTypedData, type TwoSidedReceipt } from './payments/meter.ts'
export { priceStates, readQuote } from './payments/quote.ts'
export { redeemFor } from './payments/redeem-for.ts'
export { redeemVoucher, redeemVouchers } from './payments/redeem-vouchers.ts'
export { readRedeemedOf } from './payments/redeemed-of.ts'
export { refundCredits, requestRefund } from './payments/refund-credits.ts'
export { sayPrice } from './payments/say-price.ts'
export { type CreditTerms, setCreditTerms } from './payments/set-credit-terms.ts'
export { type SetVoucherSignerArgs, setVoucherSigner } from './payments/set-signer.ts'
export { readVoucherSignerUntil } from './payments/signer-until.ts'
export { readSpentIn } from './payments/spent-in.ts'
export { type Redemption, type Voucher, voucherTypedData } from './payments/voucher.ts'
export { createdPool, createPool, type PoolTerms } from './pool/create-pool.ts'
export { delegate } from './pool/delegate.ts'
export { type Delegation, readDelegationOf } from './pool/delegation-of.ts'
export { readIsPool } from './pool/is-pool.ts'
export {
  completePoolExit,
  requestPoolExit,
  startPoolExit,
  type WithdrawDelegationArgs,
  withdrawDelegation,
} from './pool/leave-pool.ts'
export { type PoolState, readPool } from './pool/read-pool.ts'
export { takeCommission } from './pool/take-commission.ts'
export { tendPool } from './pool/tend-pool.ts'
export { throughPool } from './pool/through-pool.ts'
export { type AddPiecesArgs, addPieces, type PieceRecord } from './possession/add-pieces.ts'
export { type CaptureChallengesArgs, captureChallenges } from './possession/capture-challenges.ts'
export { type LeafChallenge, type PeriodChallenges, readChallengesOf } from './possession/challenges-of.ts'
export { type CreateDataSetArgs, createDataSet, type ProvingTerms } from './possession/create-data-set.ts'
export { type DataSet, readDataSet } from './possession/data-set.ts'
export { readDataSetCount } from './possession/data-set-count.ts'
export { readFaultsOf } from './possession/faults-of.ts'
export { readIsCaptured } from './possession/is-captured.ts'
export { isCapturing } from './possession/is-capturing.ts'
export { readIsProven } from './possession/is-proven.ts'
export { readPieceOf } from './possession/piece-of.ts'
export { type LeafProof, type ProvePossessionArgs, provePossession } from './possession/prove-possession.ts'
export { recordFaults } from './possession/record-faults.ts'
export { removePieces } from './possession/remove-pieces.ts'
export { scheduleRemovals } from './possession/schedule-removals.ts'
export { type TerminateDataSetArgs, terminateDataSet } from './possession/terminate-data-set.ts'
export { readActsFor } from './rails/acts-for.ts'
export { type AddBundleArgs, addBundle } from './rails/add-bundle.ts'
export { bundleTypedData, type StorageBundle, storageDomain } from './rails/bundle.ts'
export { closeStorageOffer } from './rails/close-storage-offer.ts'
export { completeRepair } from './rails/complete-repair.ts'
export { copyPieces } from './rails/copy-pieces.ts'
export { endRail } from './rails/end-rail.ts'
export { failRepair } from './rails/fail-repair.ts'
export { fundRail } from './rails/fund-rail.ts'
export { loseRail } from './rails/lose-rail.ts'
export { type OpenRailArgs, openRail } from './rails/open-rail.ts'
export { readOfferQuote } from './rails/quote-offer.ts'
export { type RailQuote, readRailQuote } from './rails/quote-rail.ts'
export { type Rail, type RailState, railStates, readRail } from './rails/rail.ts'
export { type RailAccount, readRailAccountOf } from './rails/rail-account-of.ts'
export { readRailCount } from './rails/rail-count.ts'
export { readRailOf } from './rails/rail-of.ts'
export { readRailTermsOf } from './rails/rail-terms-of.ts'
export { removeBundles } from './rails/remove-bundles.ts'
export { setRailSigner } from './rails/set-rail-signer.ts'
export { type RailTerms, setRailTerms } from './rails/set-rail-terms.ts'
export { type SetStorageOfferArgs, type StorageOffer, setStorageOffer } from './rails/set-storage-offer.ts'
export { settleRail } from './rails/settle-rail.ts'
export { readStorageOfferOf, type StandingStorageOffer } from './rails/storage-offer-of.ts'
export { succeedRail } from './rails/succeed-rail.ts'
export { withdrawRail } from './rails/withdraw-rail.ts'
export { readOwedTo } from './reserve/owed-to.ts'
export { readPayableTo } from './reserve/payable-to.ts'
export { settleDebt } from './reserve/settle-debt.ts'
export { type AttestArgs, attest } from './settlement/attest.ts'
export { type CollectArgs, collect } from './settlement/collect.ts'
export { type DelayRootArgs, delayRoot } from './settlement/delay.ts'
export { readFinalTop } from './settlement/final-top.ts'
export { type FinaliseArgs, finalise } from './settlement/finalise.ts'
export { readHasAttested } from './settlement/has-attested.ts'
export { readHead } from './settlement/head.ts'
export { readIsChallengeable } from './settlement/is-challengeable.ts'
export { readIsStanding } from './settlement/is-standing.ts'
export { type RootRecord, readRecordOf } from './settlement/record-of.ts'
export { type ResolveArgs, resolve } from './settlement/resolve.ts'
export { readRootCovering } from './settlement/root-covering.ts'
export { type TallyArgs, tally } from './settlement/tally.ts'
export { type AnnounceArgs, announce } from './stake/announce.ts'
export { type DepositArgs, deposit } from './stake/deposit.ts'
export { readHolders } from './stake/holders.ts'
export { readLiabilitiesOf } from './stake/liabilities-of.ts'
export { type RequestExitArgs, requestExit } from './stake/request-exit.ts'
export { type Role, roleNumber, roles } from './stake/role.ts'
export { readSlashableOf } from './stake/slashable-of.ts'
export { readTotalWeight } from './stake/total-weight.ts'
export { readWeightOf } from './stake/weight-of.ts'
export { type WithdrawArgs, withdraw } from './stake/withdraw.ts'
export type { Clock } from './submit/clock.ts'
export {
  ContractError,
  type DecodedError,
  decodeContractError,
  revertDataOf,
} from './submit/contract-error.ts'
export {
  createSubmitter,
  type Submission,
  type SubmitIncident,
  type SubmitOptions,
  type Submitter,
  type SubmitterOptions,
  TransactionFailedError,
} from './submit/create-submitter.ts'
export { isUnreachable } from './submit/is-unreachable.ts'
export { whatToDo } from './submit/what-to-do.ts'
export {
  attestEnd,
  availabilityEnd,
  epochAt,
  epochEnd,
  epochStart,
  leastExitSeconds,
  nextEpoch,
  type Phase,
  phaseOf,
  sealEnd,
  type Timeline,
} from './timeline.ts'
export { executeOperation, scheduleOperation, type TimelockOperation } from './timelock/schedule.ts'
export { timelockControllerAbi, timelockControllerBytecode } from './timelock/timelock-controller.ts'
export { readAllowance } from './token/allowance.ts'
export { type ApproveArgs, approve } from './token/approve.ts'
export { readBalanceOf } from './token/balance-of.ts'
export { type TransferArgs, transfer } from './token/transfer.ts'
export { type ClaimArgs, claim } from './vault/claim.ts'
export { type ClaimAuthorization, claimAuthorizationTypedData } from './vault/claim-authorization.ts'
export { type ClaimBatchArgs, claimBatch } from './vault/claim-batch.ts'
export { type ClaimWithAuthorizationArgs, claimWithAuthorization } from './vault/claim-with-authorization.ts'
