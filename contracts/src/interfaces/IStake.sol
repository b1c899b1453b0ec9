// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";

enum Role {
    Ingest,
    Verifier
}

/// @notice Bonds of ingests and verifiers, in the network's token. Operators' are in OperatorBonds. Spec 6, Stakes.
interface IStake {
    event Deposited(NetworkId indexed network, Role indexed role, address indexed holder, uint128 amount, uint128 bond, uint32 fromEpoch);
    event ExitRequested(NetworkId indexed network, Role indexed role, address indexed holder, uint128 amount, uint64 withdrawableAt, uint32 fromEpoch);
    event Withdrawn(NetworkId indexed network, Role indexed role, address indexed holder, uint128 amount);
    event Slashed(NetworkId indexed network, Role indexed role, address indexed holder, uint128 amount, address winner, uint128 reward);
    /// @dev Where the holder serves segments and takes reports: an http(s) URL, at most 200 bytes.
    event Announced(NetworkId indexed network, Role indexed role, address indexed holder, string url);

    error BondTooSmall(uint128 minimum, uint128 given);
    error SetFull(NetworkId network, Role role, uint256 maximum);
    error NothingToExit(address holder);
    error ExitTooEarly(uint64 withdrawableAt, uint256 nowAt);
    error StillLiable(address holder, uint256 unresolved);
    error NotAuthorised(address caller);
    error NotHolder(address caller);
    error UrlTooLong(uint256 sizeBytes, uint256 maximum);

    function deposit(NetworkId network, Role role, uint128 amount) external;
    function announce(NetworkId network, Role role, string calldata url) external;
    /// @notice Takes `amount` out of snapshots from the next epoch; it stays slashable until `withdraw`. A second request adds to the first and restarts the delay.
    function requestExit(NetworkId network, Role role, uint128 amount) external;
    function withdraw(NetworkId network, Role role) external;

    /// @notice Settlement, challenges and evidence only: a promise of the holder that is not yet resolved keeps its bond in.
    function addLiability(NetworkId network, Role role, address holder) external;
    function dropLiability(NetworkId network, Role role, address holder) external;
    /// @notice Settlement only: the verifier attests a root: one more promise, and its absence is over. Returns its weight in the snapshot of `epoch`, 0 where it has none.
    function attend(NetworkId network, address verifier, uint32 epoch) external returns (uint128 weight);
    /// @notice Settlement only: another root is accepted; who did not attest it has missed one more.
    function rootAccepted(NetworkId network) external;
    /// @notice Evidence only: takes `amount`, or what there is, and burns it. What is left counts in snapshots from the next epoch on.
    function slash(NetworkId network, Role role, address holder, uint128 amount) external;
    /// @notice Settlement and challenges only: takes the whole bond, exiting part included; a third to `winner`, the rest burned.
    function slashAll(NetworkId network, Role role, address holder, address winner) external returns (uint128 amount);

    /// @notice Bond now, exiting part included, that a slash would take.
    function slashableOf(NetworkId network, Role role, address holder) external view returns (uint128);
    /// @notice min(stake in the snapshot of `epoch`, slashable now); a verifier's is halved (rounding down) for every 24 accepted roots that it has missed since it last attested, at most six times.
    function weightOf(NetworkId network, Role role, address holder, uint32 epoch) external view returns (uint128);
    /// @notice Stake in the snapshot of `epoch`, whatever was slashed since.
    function countedAt(NetworkId network, Role role, address holder, uint32 epoch) external view returns (uint128);
    /// @notice Sum of `weightOf` over all holders of the role.
    function totalWeight(NetworkId network, Role role, uint32 epoch) external view returns (uint128);
    /// @notice At most 32, in no particular order, from the first deposit until the last of the bond is withdrawn or slashed.
    function holders(NetworkId network, Role role) external view returns (address[] memory);
    function liabilitiesOf(NetworkId network, Role role, address holder) external view returns (uint32);
}
