// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {VerdictProof, WorkProof} from "../interfaces/IChallenges.sol";
import {Root, WorkLeaf} from "../types/Root.sol";
import {WorkTree} from "./WorkTree.sol";

/// @notice What a challenge says about the work tree and the verdict trees, held against the root.
library WorkProofs {
    /// @notice Whether the work leaf is the one of its own index in the root.
    function isLeaf(Root calldata root, WorkProof calldata work) internal pure returns (bool) {
        uint32 index = work.leaf.index;
        return index < root.deviceCount
            && WorkTree.verify(
            WorkTree.WORK,
            root.workHash,
            root.workSums,
            root.deviceCount,
            WorkTree.leaf(work.leaf),
            0,
            index,
            work.siblings
        );
    }

    /// @notice Whether the entry is the one at its position of the verdict tree under the work leaf.
    function isEntry(WorkLeaf calldata leaf, VerdictProof calldata verdict) internal pure returns (bool) {
        return verdict.position < leaf.verdictCount
            && WorkTree.verify(
            WorkTree.VERDICT,
            leaf.verdictHash,
            WorkTree.sumsOf(leaf.work),
            leaf.verdictCount,
            WorkTree.leaf(verdict.entry),
            0,
            verdict.position,
            verdict.siblings
        );
    }
}
