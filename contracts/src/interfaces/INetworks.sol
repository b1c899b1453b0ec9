// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";
import {Timeline} from "../types/Timeline.sol";
import {IBeacon} from "./IBeacon.sol";
import {Programs} from "./IBudgets.sol";
import {IEmission} from "./IEmission.sol";

/// @notice What a network is created with. All but the owner never changes.
struct NetworkConfig {
    address owner; // governs rulesets, makers and quarantine: a timelock. It can not touch funds, bonds or roots.
    address guardian; // may delay the finality of a root, once; zero for none
    address token; // ERC-20 of rewards and bonds; no fee on transfer, no rebasing
    IEmission emission;
    Timeline timeline;
    uint128 ingestBond; // least bond of an ingest
    uint128 verifierBond;
    uint128 challengeBond;
    uint32 reportsPerEpoch; // cap per ingest and epoch while it holds `ingestBond`; more bond, proportionally more
    uint16 verifierShareBps; // part of emission that goes to the attesters of final roots
    uint128 outflowLimit; // the most that leaves the reserve in any `outflowEpochs` consecutive epochs; zero for no limit
    uint8 outflowEpochs; // 1 to 64; zero where there is no limit
    IBeacon beacon; // gives the word of each epoch; zero, on the local chain alone, captures prevrandao
    string name;
}

struct Ruleset {
    uint32 fromEpoch;
    bytes32 hash;
}

interface INetworks {
    event NetworkCreated(
        NetworkId indexed network, address indexed creator, NetworkConfig config, address vault, address reserve
    );
    /// @dev `document` is the canonical JSON of spec 4; keccak256(document) is the ruleset hash.
    event RulesetAdopted(
        NetworkId indexed network, uint32 fromEpoch, bytes32 indexed hash, Programs programs, bytes document
    );
    event MakerSet(NetworkId indexed network, uint16 indexed class, address indexed maker, bool approved);
    event MakerRequired(NetworkId indexed network, uint16 indexed class, bool required);
    event ReportQuarantined(NetworkId indexed network, bytes32 indexed reportHash, uint32 fromEpoch);
    event OwnerChanged(NetworkId indexed network, address indexed owner);

    error NetworkUnknown(NetworkId network);
    error NetworkExists(NetworkId network);
    error NotOwner(NetworkId network, address caller, address owner);
    error TimelineTooShort(string field, uint256 minimum, uint256 given);
    error EmissionTooLarge(uint256 total, uint256 maximum);
    error ShareTooLarge(uint256 shareBps);
    error BeaconMissing(address beacon);
    error OutflowInvalid(uint128 limit, uint8 epochs);
    /// @dev Less than the first `outflowEpochs` epochs emit, by a schedule that says so: what is owed would grow for ever.
    error OutflowTooLow(uint128 limit, uint256 needed);

    /// @notice Creates a network under the id of (msg.sender, salt), deploys its vault and reserve, adopts the first ruleset from epoch 0.
    /// @dev Assumptions the creator vouches for: the token moves exactly the amount asked for; the reserve is funded with the schedule's total.
    function create(NetworkConfig calldata config, bytes32 salt, bytes calldata ruleset, Programs calldata programs)
        external
        returns (NetworkId network);

    function adoptRuleset(NetworkId network, bytes calldata document, Programs calldata programs) external;
    function setMaker(NetworkId network, uint16 class, address maker, bool approved) external;
    function requireMaker(NetworkId network, uint16 class, bool required) external;
    /// @notice From the next epoch on, verifiers give the report's observations reason 4 and no work.
    function quarantine(NetworkId network, bytes32 reportHash) external;
    function changeOwner(NetworkId network, address owner) external;

    function idOf(address creator, bytes32 salt) external view returns (NetworkId);
    function exists(NetworkId network) external view returns (bool);
    function configOf(NetworkId network) external view returns (NetworkConfig memory);
    function ownerOf(NetworkId network) external view returns (address);
    function tokenOf(NetworkId network) external view returns (address);
    function timelineOf(NetworkId network) external view returns (Timeline memory);
    function vaultOf(NetworkId network) external view returns (address);
    function reserveOf(NetworkId network) external view returns (address);
    function isMaker(NetworkId network, uint16 class, address maker) external view returns (bool);
    function makerRequired(NetworkId network, uint16 class) external view returns (bool);
    /// @notice The first epoch in which the report is quarantined; type(uint32).max for one that never was.
    function quarantinedFrom(NetworkId network, bytes32 reportHash) external view returns (uint32);
    /// @notice The ruleset in force in `epoch`: the newest with fromEpoch ≤ epoch.
    function rulesetAt(NetworkId network, uint32 epoch) external view returns (Ruleset memory);
}
