// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";
import {Root} from "../types/Root.sol";
import {WorkProof} from "./IChallenges.sol";

/// @notice How a network slashes its operators. Set by its owner, in force from the next epoch on: a root is judged by the terms of its first epoch.
struct BondTerms {
    uint8 faultProgram; // the program of the ruleset, with weight 0, whose work counts faults
    uint32 forgiveEpochs; // so many epochs in a row without faults lower a score by one
    uint32[4] scores; // steps of the ladder, strictly rising, the first above 0: below it a fault is a warning
    uint16[4] bps; // of the bond, what a root with faults costs from that score on; never falling, at most 10 000
}

/// @notice What a device has at stake, and how it stands.
struct DeviceBond {
    uint128 amount; // all that a slash takes a share of
    uint128 exiting; // the part of it that asked to leave
    uint64 withdrawableAt; // not before this
    uint32 exitEpoch; // the first epoch that does not count the part that leaves
    bool cleared; // everything up to the exit epoch was seen final
    uint32 score;
    uint32 faultEpoch; // last epoch of the newest root with faults that was executed; the score is as of then
}

/// @notice Bonds of devices, in the network's token, and their public scores. Spec 6, Operator bonds. A bond belongs to a device: it goes with the ERC-721 token, whoever posted it.
///         Nobody but final roots and missed proofs of possession can take from it. What roots take is for the work of the device in the fault program, which challenges check like all work.
interface IOperatorBonds {
    event TermsSet(NetworkId indexed network, uint32 fromEpoch, BondTerms terms);
    event LeastBondSet(NetworkId indexed network, uint16 indexed class, uint128 amount);
    event BondDeposited(NetworkId indexed network, uint32 indexed index, address indexed from, uint128 amount, uint128 bond, uint32 fromEpoch);
    event BondExitRequested(NetworkId indexed network, uint32 indexed index, uint128 amount, uint64 withdrawableAt, uint32 exitEpoch);
    event BondExitCleared(NetworkId indexed network, uint32 indexed index, uint64 withdrawableAt);
    event BondWithdrawn(NetworkId indexed network, uint32 indexed index, address indexed owner, uint128 amount);
    /// @dev `burned` and `reward`, the caller's, are what the bond lost; both 0 for a warning, or where there was no bond.
    event OperatorSlashed(
        NetworkId indexed network, uint32 indexed index, bytes32 indexed rootId, uint96 faults, uint32 score, uint128 burned, uint128 reward, address caller
    );
    /// @dev `faults` of the periods for which there were terms; `burned` and `reward` as in OperatorSlashed.
    event PossessionSlashed(
        NetworkId indexed network, uint32 indexed index, uint64 indexed set, uint96 faults, uint32 score, uint128 burned, uint128 reward, address caller
    );

    error NotOwner(NetworkId network, address caller, address owner);
    error NotDeviceOwner(uint256 deviceId, address caller, address owner);
    error BondTermsInvalid(string field, uint256 value);
    error NoBondTerms(NetworkId network, uint32 epoch);
    error NothingToDeposit();
    error NothingToExit(address holder);
    error ExitTooEarly(uint64 withdrawableAt, uint256 nowAt);
    error ExitNotCleared(uint256 deviceId);
    /// @dev Evidence of the epochs the bond counted in may still come, or be deferred, until `clearableAt`.
    error EvidenceStillOpen(uint256 clearableAt, uint256 nowAt);
    /// @dev Slot `slot` may hold reports of the epochs the bond counted in, and the root does not cover it.
    error EvidenceNotCovered(uint32 slot, uint32 sealedIn, uint32 throughEpoch);
    error RootNotFinal(bytes32 rootId);
    error AlreadyExecuted(bytes32 rootId, uint32 index);
    error WorkProofInvalid(bytes32 rootId, uint32 index);
    error NoFaults(bytes32 rootId, uint32 index);
    error NoFaultsOfSet(uint64 set);
    /// @dev A proving period that began before the bond left is not over before `overAt`.
    error ProofsStillDue(uint256 overAt, uint256 nowAt);
    /// @dev A program that pays can not count faults.
    error ProgramPays(uint8 program, uint128 pot);

    /// @notice By the network's owner.
    function setTerms(NetworkId network, BondTerms calldata terms) external;
    /// @notice By the network's owner: what `isBonded` asks of a device of the class, from now on.
    function setLeastBond(NetworkId network, uint16 class, uint128 amount) external;

    /// @notice Adds to a device's bond; from anybody. What is given belongs to the device's owner once it has left.
    function deposit(NetworkId network, uint32 index, uint128 amount) external;
    /// @notice By the device's owner. The part stays slashable until it is withdrawn, for what happened before `exitEpoch`; a second request adds to the first and begins anew.
    function requestExit(NetworkId network, uint32 index, uint128 amount) external;
    /// @notice Says that every epoch the leaving part counted in is settled: no slot that may hold reports of them lies beyond what `rootId`, a final root, covers. Anyone. From then
    ///         responseSeconds are left to execute what those roots found.
    /// @param rootId zero where the network has no root and no evidence yet
    function clearExit(NetworkId network, uint32 index, bytes32 rootId) external;
    /// @notice Pays the part that left to the device's owner, who calls.
    function withdraw(NetworkId network, uint32 index) external returns (uint128 amount);

    /// @notice Executes what a final root says: raises the device's score by its faults and takes the ladder's share of its bond. Once per root and device; anyone. A twentieth of what
    ///         is taken goes to the caller, the rest is burned.
    /// @dev Roots may be executed in any order; an older one executed later costs no more than it would have in its turn.
    function slash(NetworkId network, Root calldata root, WorkProof calldata work) external returns (uint128 taken);
    /// @notice Executes the faults of a data set of the device: what PossessionProofs recorded since the last call, 32 spans at most, each charged like a root over the epochs of its periods. Anyone,
    ///         with the same reward; no root is needed, since the faults are the chain's own.
    function slashPossession(uint64 set) external returns (uint128 taken);

    /// @notice Whether the part of the bond that stays is the least of the device's class.
    function isBonded(NetworkId network, uint32 index) external view returns (bool);
    /// @notice The device's score at `epoch`: what was executed until now, less what was forgiven by then.
    function scoreOf(NetworkId network, uint32 index, uint32 epoch) external view returns (uint32);
    function bondOf(NetworkId network, uint32 index) external view returns (DeviceBond memory);
    function leastBondOf(NetworkId network, uint16 class) external view returns (uint128);
    /// @notice The terms in force in `epoch`; NoBondTerms before there were any.
    function termsAt(NetworkId network, uint32 epoch) external view returns (BondTerms memory);
    function isExecuted(bytes32 rootId, uint32 index) external view returns (bool);
    /// @notice How many spans of faults of a data set were executed.
    function executedSpansOf(uint64 set) external view returns (uint32);
}
