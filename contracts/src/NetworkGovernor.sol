// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {
    GovernorCountingSimple
} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {
    GovernorPreventLateQuorum
} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {
    GovernorTimelockControl
} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @notice How a network votes. Times in seconds, amounts in the voting token's smallest unit. A passed proposal changes any of it.
struct VotingRules {
    uint48 delaySeconds; // from a proposal to its vote: the snapshot of votes is taken at the end of it
    uint32 periodSeconds; // how long is voted
    uint48 lateQuorumSeconds; // a vote stays open this long after its quorum was met; at most periodSeconds
    uint48 timelockSeconds; // from queueing to execution
    uint256 proposalThreshold; // votes that a proposer has, the second before
    uint256 quorumBps; // of all that is locked; for and abstain count
    uint256 leastQuorum; // however little is locked
}

/// @notice Votes about what a network's owner may do, and has its timelock do it: the timelock that this contract makes, which nobody administers,
///         in which it alone proposes and cancels, and anybody executes. It is the owner of the network and of nothing else.
/// @dev OpenZeppelin's Governor with its extensions. Our own: the timelock is made here, so that nobody ever holds its admin, and a quorum has a least amount,
///      without which the first to lock a token would be the whole electorate. No GovernorStorage: a proposal carries a whole ruleset document.
contract NetworkGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorPreventLateQuorum,
    GovernorTimelockControl
{
    using Checkpoints for Checkpoints.Trace208;

    Checkpoints.Trace208 private _leastQuorum;

    event LeastQuorumSet(uint256 before, uint256 leastQuorum);

    constructor(IVotes votes, VotingRules memory rules)
        Governor("Cairn network governor")
        GovernorSettings(rules.delaySeconds, rules.periodSeconds, rules.proposalThreshold)
        GovernorVotes(votes)
        GovernorVotesQuorumFraction(rules.quorumBps)
        GovernorPreventLateQuorum(rules.lateQuorumSeconds)
        GovernorTimelockControl(_makeTimelock(rules.timelockSeconds))
    {
        _setLeastQuorum(rules.leastQuorum);
    }

    /// @notice From now on no quorum is below `amount`; votes that have begun keep theirs.
    function setLeastQuorum(uint256 amount) external onlyGovernance {
        _setLeastQuorum(amount);
    }

    /// @notice What a quorum was at least at `timepoint`.
    function leastQuorum(uint256 timepoint) public view returns (uint256) {
        return _leastQuorum.upperLookupRecent(SafeCast.toUint48(timepoint));
    }

    /// @notice Votes, for and abstaining, that a proposal with its snapshot at `timepoint` needs.
    function quorum(uint256 timepoint)
        public
        view
        override(Governor, GovernorVotesQuorumFraction)
        returns (uint256)
    {
        return Math.max(super.quorum(timepoint), leastQuorum(timepoint));
    }

    /// @notice `quorumNumerator` is in basis points.
    function quorumDenominator() public pure override returns (uint256) {
        return 10_000;
    }

    /// @inheritdoc GovernorSettings
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc GovernorPreventLateQuorum
    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState)
    {
        return super.state(proposalId);
    }

    function _setLeastQuorum(uint256 amount) private {
        (uint208 before,) = _leastQuorum.push(clock(), SafeCast.toUint208(amount));
        emit LeastQuorumSet(before, amount);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    /// @dev This governor as its only proposer and canceller, anybody as executor, no admin but itself.
    function _makeTimelock(uint256 delaySeconds) private returns (TimelockController) {
        address[] memory proposers = new address[](1);
        proposers[0] = address(this);
        return new TimelockController(delaySeconds, proposers, new address[](1), address(0));
    }
}
