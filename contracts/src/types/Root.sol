// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "./NetworkId.sol";

/// @notice What verifiers attest to. Field by field in spec 5.
struct Root {
    bytes32 parent;
    uint32 first;
    uint32 last;
    uint32 evidenceEnd;
    uint256 evidenceSet;
    bytes32 ruleset;
    uint32 deviceCount;
    bytes32 payoutHash;
    uint128 payoutSum;
    bytes32 workHash;
    uint128[4] workSums;
    bytes32 carryHash;
    uint32 carryCount;
    bytes32 partitionHash;
}

/// @notice A node of the payout tree: its hash and the sum of the cumulative amounts below it.
struct PayoutNode {
    bytes32 hash;
    uint128 sum;
}

/// @notice A node of the work tree or of a verdict tree: its hash and the work below it, per program.
struct WorkNode {
    bytes32 hash;
    uint128[4] sums;
}

/// @notice The two children of the payout tree's and of the work tree's top node; ignored where the tree has at most one leaf.
struct Tops {
    PayoutNode payoutLeft;
    PayoutNode payoutRight;
    WorkNode workLeft;
    WorkNode workRight;
}

struct WorkLeaf {
    uint32 index;
    uint96[4] work;
    bytes32 verdictHash;
    uint32 verdictCount;
}

struct VerdictEntry {
    uint32 slot;
    uint32 index;
    uint16 observation;
    uint16 reason;
    uint96[4] work;
}

function rootId(NetworkId network, Root memory root) pure returns (bytes32) {
    return keccak256(abi.encode(network, root));
}

/// @dev The same without a copy in memory.
function rootIdCalldata(NetworkId network, Root calldata root) pure returns (bytes32) {
    return keccak256(abi.encode(network, root));
}
