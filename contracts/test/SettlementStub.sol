// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../src/types/NetworkId.sol";

/// @notice All that a vault asks of the settlement.
contract SettlementStub {
    mapping(NetworkId network => mapping(bytes32 rootId => bytes32)) public finalTop;

    function setFinal(NetworkId network, bytes32 rootId, bytes32 top) external {
        finalTop[network][rootId] = top;
    }
}
