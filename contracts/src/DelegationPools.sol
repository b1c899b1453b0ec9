// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DelegationPool} from "./DelegationPool.sol";
import {IDelegationPools, PoolContracts, PoolTerms} from "./interfaces/IDelegationPool.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract DelegationPools is IDelegationPools {
    address private immutable NETWORKS;
    address private immutable STAKE;
    address private immutable SETTLEMENT;
    address private immutable EVIDENCE;
    address private immutable DISPUTES;

    /// @inheritdoc IDelegationPools
    mapping(address pool => bool) public isPool;

    constructor(PoolContracts memory contracts) {
        NETWORKS = contracts.networks;
        STAKE = contracts.stake;
        SETTLEMENT = contracts.settlement;
        EVIDENCE = contracts.evidence;
        DISPUTES = contracts.disputes;
    }

    /// @inheritdoc IDelegationPools
    function create(NetworkId network, PoolTerms calldata terms) external returns (address pool) {
        PoolContracts memory contracts = PoolContracts(NETWORKS, STAKE, SETTLEMENT, EVIDENCE, DISPUTES);
        pool = address(new DelegationPool(network, msg.sender, terms, contracts));
        isPool[pool] = true;
        emit PoolCreated(network, msg.sender, pool, terms);
    }
}
