// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {Root, Tops} from "../types/Root.sol";
import {PayoutTree} from "./PayoutTree.sol";
import {WorkTree} from "./WorkTree.sol";

/// @notice The first level of the payout and the work tree, opened when a root is proposed.
library TreeTops {
    /// @dev Reverts with TopsDiffer where the children do not hash or do not add up to what the root says.
    function check(Root calldata root, Tops calldata tops) internal pure {
        bytes32 payoutHash = PayoutTree.node(
            tops.payoutLeft.hash, tops.payoutLeft.sum, tops.payoutRight.hash, tops.payoutRight.sum
        );
        if (
            payoutHash != root.payoutHash
                || uint256(tops.payoutLeft.sum) + tops.payoutRight.sum != root.payoutSum
        ) revert ISettlement.TopsDiffer("payout");
        if (
            WorkTree.hash(WorkTree.WORK, tops.workLeft, tops.workRight) != root.workHash
                || !WorkTree.addsUp(tops.workLeft, tops.workRight, root.workSums)
        ) revert ISettlement.TopsDiffer("work");
    }
}
