// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice All that a vault asks of the settlement.
contract SettlementStub {
    mapping(bytes32 rootId => bytes32) public finalTop;

    function setFinal(bytes32 rootId, bytes32 top) external {
        finalTop[rootId] = top;
    }
}
