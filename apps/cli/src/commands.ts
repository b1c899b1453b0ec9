import type { Register } from './command.ts'
import { agentExit } from './commands/agent/exit.ts'
import { agentRun } from './commands/agent/run.ts'
import { agentStatus } from './commands/agent/status.ts'
import { audit } from './commands/audit.ts'
import { bondDeposit } from './commands/bond/deposit.ts'
import { bondExit } from './commands/bond/exit.ts'
import { bondShow } from './commands/bond/show.ts'
import { bondSlash } from './commands/bond/slash.ts'
import { bondWithdraw } from './commands/bond/withdraw.ts'
import { chainRun } from './commands/chain/run.ts'
import { challengeList } from './commands/challenge/list.ts'
import { challengeRoot } from './commands/challenge/root.ts'
import { creditsBuy } from './commands/credits/buy.ts'
import { creditsRefund } from './commands/credits/refund.ts'
import { creditsShow } from './commands/credits/show.ts'
import { delegateDeposit } from './commands/delegate/deposit.ts'
import { delegateExit } from './commands/delegate/exit.ts'
import { delegateShow } from './commands/delegate/show.ts'
import { delegateWithdraw } from './commands/delegate/withdraw.ts'
import { deviceOnboard } from './commands/device/onboard.ts'
import { deviceRevoke } from './commands/device/revoke.ts'
import { deviceRotate } from './commands/device/rotate.ts'
import { epochList } from './commands/epoch/list.ts'
import { epochShow } from './commands/epoch/show.ts'
import { governanceCancel } from './commands/governance/cancel.ts'
import { governanceExecute } from './commands/governance/execute.ts'
import { governanceList } from './commands/governance/list.ts'
import { governanceLock } from './commands/governance/lock.ts'
import { governancePropose } from './commands/governance/propose.ts'
import { governanceQueue } from './commands/governance/queue.ts'
import { governanceReplay } from './commands/governance/replay.ts'
import { governanceRuleset } from './commands/governance/ruleset.ts'
import { governanceShow } from './commands/governance/show.ts'
import { governanceUnlock } from './commands/governance/unlock.ts'
import { governanceVote } from './commands/governance/vote.ts'
import { ingestRun } from './commands/ingest/run.ts'
import { networkCreate } from './commands/network/create.ts'
import { networkSafety } from './commands/network/safety.ts'
import { rewardsClaim } from './commands/rewards/claim.ts'
import { rewardsExplain } from './commands/rewards/explain.ts'
import { rewardsShow } from './commands/rewards/show.ts'
import { simulateEconomy } from './commands/simulate/economy.ts'
import { simulateStorage } from './commands/simulate/storage.ts'
import { stakeDeposit } from './commands/stake/deposit.ts'
import { stakeExit } from './commands/stake/exit.ts'
import { stakePoolCreate } from './commands/stake/pool.ts'
import { stakeShow } from './commands/stake/show.ts'
import { stakeWithdraw } from './commands/stake/withdraw.ts'
import { statement } from './commands/statement.ts'
import { storageGateway } from './commands/storage/gateway.ts'
import { storageOdds } from './commands/storage/odds.ts'
import { storageOfferClose } from './commands/storage/offer/close.ts'
import { storageOfferSet } from './commands/storage/offer/set.ts'
import { storageOfferShow } from './commands/storage/offer/show.ts'
import { storagePublish } from './commands/storage/publish.ts'
import { storagePublished } from './commands/storage/published.ts'
import { storageRailEnd } from './commands/storage/rail/end.ts'
import { storageRailFund } from './commands/storage/rail/fund.ts'
import { storageRailList } from './commands/storage/rail/list.ts'
import { storageRailLose } from './commands/storage/rail/lose.ts'
import { storageRailOpen } from './commands/storage/rail/open.ts'
import { storageRailSettle } from './commands/storage/rail/settle.ts'
import { storageRailShow } from './commands/storage/rail/show.ts'
import { storageRailWithdraw } from './commands/storage/rail/withdraw.ts'
import { storageRecords } from './commands/storage/records.ts'
import { storageRepairClaim } from './commands/storage/repair/claim.ts'
import { storageRepairComplete } from './commands/storage/repair/complete.ts'
import { storageReputation } from './commands/storage/reputation.ts'
import { storageSigner } from './commands/storage/signer.ts'
import { storageTermsSet } from './commands/storage/terms/set.ts'
import { storageTermsShow } from './commands/storage/terms/show.ts'
import { storageUnpublish } from './commands/storage/unpublish.ts'
import { up } from './commands/up.ts'
import { verifierRun } from './commands/verifier/run.ts'
import { voucherMeter } from './commands/voucher/meter.ts'
import { voucherRedeem } from './commands/voucher/redeem.ts'
import { voucherSign } from './commands/voucher/sign.ts'
import { voucherSigner } from './commands/voucher/signer.ts'
import { watcherRun } from './commands/watcher/run.ts'

/** Every command of `cairn`, in the order of its help. */
export const commands: readonly Register[] = [
  up,
  chainRun,
  ingestRun,
  verifierRun,
  watcherRun,
  agentRun,
  agentStatus,
  agentExit,
  networkCreate,
  networkSafety,
  deviceOnboard,
  deviceRotate,
  deviceRevoke,
  epochList,
  epochShow,
  rewardsShow,
  rewardsExplain,
  rewardsClaim,
  audit,
  challengeList,
  challengeRoot,
  stakeShow,
  stakeDeposit,
  stakeExit,
  stakeWithdraw,
  stakePoolCreate,
  delegateShow,
  delegateDeposit,
  delegateExit,
  delegateWithdraw,
  bondShow,
  bondDeposit,
  bondExit,
  bondWithdraw,
  bondSlash,
  creditsShow,
  creditsBuy,
  creditsRefund,
  voucherSign,
  voucherSigner,
  voucherMeter,
  voucherRedeem,
  statement,
  governanceList,
  governanceShow,
  governanceRuleset,
  governanceLock,
  governanceUnlock,
  governancePropose,
  governanceReplay,
  governanceVote,
  governanceQueue,
  governanceExecute,
  governanceCancel,
  storageGateway,
  storageSigner,
  storageOdds,
  storagePublish,
  storageUnpublish,
  storagePublished,
  storageReputation,
  storageRecords,
  storageOfferSet,
  storageOfferShow,
  storageOfferClose,
  storageRailOpen,
  storageRailFund,
  storageRailShow,
  storageRailList,
  storageRailSettle,
  storageRailEnd,
  storageRailWithdraw,
  storageRailLose,
  storageRepairClaim,
  storageRepairComplete,
  storageTermsSet,
  storageTermsShow,
  simulateEconomy,
  simulateStorage,
]
