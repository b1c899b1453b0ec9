// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {FundsWorld} from "./FundsWorld.sol";

abstract contract FundsActor {
    FundsWorld internal immutable world;

    constructor(FundsWorld world_) {
        world = world_;
    }
}

contract ColludingVerifiers is FundsActor {
    constructor(FundsWorld w) FundsActor(w) {}

    function collude(uint256 seed) external {
        world.collude(seed);
    }

    function finalise() external {
        world.finalise();
    }

    function resolve(uint256 seed) external {
        world.resolve(seed);
    }

    function areWatched(uint256 seed) external {
        world.watch(uint256(keccak256(abi.encode(seed))));
    }
}

contract Claimants is FundsActor {
    constructor(FundsWorld w) FundsActor(w) {}

    function claim(uint256 seed) external {
        world.claim(seed);
    }

    function claimBatch(uint256 seed) external {
        world.claimBatch(seed);
    }

    function claimWithAuthorization(uint256 seed) external {
        world.claimWithAuthorization(seed);
    }

    function transfer(uint256 seed) external {
        world.transfer(seed);
    }
}

contract Stakers is FundsActor {
    constructor(FundsWorld w) FundsActor(w) {}

    function deposit(uint256 seed, uint256 amount) external {
        world.deposit(seed, amount);
    }

    function requestExit(uint256 seed, uint256 amount) external {
        world.requestExit(seed, amount);
    }

    function withdraw(uint256 seed) external {
        world.withdraw(seed);
    }

    function quit(uint256 seed) external {
        world.quit(seed);
    }
}

contract Customers is FundsActor {
    constructor(FundsWorld w) FundsActor(w) {}

    function spendCredits(uint256 seed) external {
        world.spendCredits(seed);
    }

    function settleDebt(uint256 seed) external {
        world.settleDebt(seed);
    }
}

/// @notice The owner, the guardian and whoever else tries.
contract KeyHolders is FundsActor {
    constructor(FundsWorld w) FundsActor(w) {}

    function govern(uint256 seed) external {
        world.govern(seed);
    }

    function delay(uint256 seed) external {
        world.delay(seed);
    }

    function trespass(uint256 seed) external {
        world.trespass(seed);
    }
}
