// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DelegationPool} from "../../src/DelegationPool.sol";
import {ExitBatch, Leaving, PoolContracts, PoolTerms} from "../../src/interfaces/IDelegationPool.sol";
import {Role} from "../../src/interfaces/IStake.sol";
import {Foundation} from "../Foundation.sol";

/// @notice An operator and three delegators who come, go and donate; a stake that is slashed in part and in whole; rewards.
contract PoolWorld is Foundation {
    uint16 internal constant MOST_COMMISSION = 3_000;

    DelegationPool public pool;
    address[4] public people; // the operator first
    mapping(address who => uint256) public put;
    mapping(address who => uint256) public got;
    mapping(bytes32 action => uint256) public done;
    uint256 public rewards;
    uint256 public slashed;
    uint256 public commission; // taken
    uint256 public liabilities;
    bool public diluted; // a share became worth less without a slash
    uint32 public lastBatch;

    function setUp() public override {
        super.setUp();
        people = [makeAddr("operator"), makeAddr("ann"), makeAddr("ben"), makeAddr("cleo")];
        pool = new DelegationPool(
            network,
            people[0],
            PoolTerms(1_000, MOST_COMMISSION, 3_334),
            PoolContracts(address(networks), address(stake), address(1), address(2), address(3))
        );
        for (uint256 i; i < 4; ++i) {
            token.transfer(people[i], 1e6 ether);
            vm.prank(people[i]);
            token.approve(address(pool), type(uint256).max);
        }
    }

    /// @dev Everything that is no slash may only raise what a share is worth.
    modifier fair() {
        (uint256 assets, uint256 shares) = (pool.totalAssets() + 1, pool.totalShares() + 1e6);
        _;
        if ((pool.totalAssets() + 1) * shares < assets * (pool.totalShares() + 1e6)) diluted = true;
    }

    function put_(uint256 seed, uint128 amount) public fair {
        address who = people[seed % 4];
        amount = seed >> 8 & 3 == 0 ? amount % 1e6 : amount % 1000 ether;
        vm.prank(who);
        try pool.deposit(amount) {
            put[who] += amount;
            ++done["deposit"];
        } catch {}
    }

    function queue(uint256 seed) public fair {
        address who = people[seed % 4];
        uint256 shares = pool.sharesOf(who);
        if (seed >> 8 & 1 == 0) shares = shares * ((seed >> 16) % 101) / 100;
        vm.prank(who);
        try pool.requestExit(shares) {
            ++done["queue"];
        } catch {}
    }

    function start(uint256) public fair {
        try pool.startExit() returns (uint32 batch) {
            lastBatch = batch;
            ++done["start"];
        } catch {}
    }

    function complete(uint256 seed) public fair {
        if (liabilities > 0 && seed & 1 == 0) {
            stake.dropLiability(network, Role.Verifier, address(pool));
            --liabilities;
        }
        try pool.completeExit() {
            ++done["complete"];
        } catch {}
    }

    function take(uint256 seed) public fair {
        address who = people[seed % 4];
        uint32 batch = uint32((seed >> 8) % (uint256(lastBatch) + 1));
        try pool.withdraw(batch, who) returns (uint256 assets) {
            got[who] += assets;
            ++done["withdraw"];
        } catch {}
    }

    /// @dev From the reserve, or anybody's gift.
    function reward(uint256 seed) public fair {
        uint256 amount = seed >> 8 & 3 == 0 ? seed % 3 : seed % 50 ether;
        token.transfer(address(pool), amount);
        rewards += amount;
    }

    function gift(uint256 seed) public fair {
        address who = people[seed % 4];
        uint256 amount = (seed >> 8) % 500 ether;
        vm.prank(who);
        token.transfer(address(pool), amount);
        rewards += amount;
    }

    function attest(uint256 seed) public fair {
        if (seed & 3 != 0 || liabilities > 2) return;
        stake.addLiability(network, Role.Verifier, address(pool));
        ++liabilities;
    }

    function slash(uint256 seed) public {
        uint128 bond = stake.slashableOf(network, Role.Verifier, address(pool));
        uint128 amount = seed % 16 == 0 ? bond : uint128((seed >> 8) % (uint256(bond) / 4 + 1));
        stake.slash(network, Role.Verifier, address(pool), amount);
        slashed += amount;
        ++done["slash"];
    }

    function charge(uint256 seed) public fair {
        uint256 what = seed % 4;
        if (what == 0) {
            vm.prank(people[0]);
            try pool.announceCommission(uint16((seed >> 8) % 4_000)) {} catch {}
        } else if (what == 1) {
            try pool.applyCommission() {} catch {}
        } else if (what == 2) {
            commission += pool.takeCommission();
        } else {
            pool.tend();
        }
    }

    function sleep(uint256 seed) public fair {
        vm.warp(vm.getBlockTimestamp() + seed % 4 days);
    }

    /// @dev After `tend`.
    /// @return sum what the pool owes: shares, the batch that leaves, batches that are out, commission
    function owed() external view returns (uint256 sum) {
        Leaving memory leaving = pool.leaving();
        sum = pool.commission();
        for (uint256 i; i < 4; ++i) {
            sum += pool.assetsOf(people[i]) + queuedWorth(people[i]);
            for (uint32 b; b <= lastBatch; ++b) {
                ExitBatch memory batch = pool.batchOf(b);
                if (batch.shares > 0 && batch.paid) {
                    sum += pool.queuedOf(b, people[i]) * batch.assets / batch.shares;
                }
            }
        }
        if (leaving.active) sum += leaving.claim + pool.batchOf(leaving.batch).assets;
    }

    function queuedWorth(address who) public view returns (uint256) {
        (uint32 batch,,) = pool.queue();
        return pool.queuedOf(batch, who) * (pool.totalAssets() + 1) / (pool.totalShares() + 1e6);
    }

    function held() external view returns (uint256) {
        return token.balanceOf(address(pool)) + stake.slashableOf(network, Role.Verifier, address(pool));
    }

    function inAndOut() external view returns (uint256 put_all, uint256 got_all) {
        for (uint256 i; i < 4; ++i) {
            put_all += put[people[i]];
            got_all += got[people[i]];
        }
    }
}

/// @notice Nobody gets more than its share, commission stays below its cap, and the operator can not take what others put in.
contract DelegationPoolInvariants is Foundation {
    PoolWorld private world;

    function setUp() public override {
        world = new PoolWorld();
        world.setUp();
        bytes4[] memory acts = new bytes4[](11);
        acts[0] = PoolWorld.put_.selector;
        acts[1] = PoolWorld.queue.selector;
        acts[2] = PoolWorld.start.selector;
        acts[3] = PoolWorld.complete.selector;
        acts[4] = PoolWorld.take.selector;
        acts[5] = PoolWorld.reward.selector;
        acts[6] = PoolWorld.gift.selector;
        acts[7] = PoolWorld.attest.selector;
        acts[8] = PoolWorld.slash.selector;
        acts[9] = PoolWorld.charge.selector;
        acts[10] = PoolWorld.sleep.selector;
        targetSelector(FuzzSelector(address(world), acts));
        targetContract(address(world));
    }

    function invariant_NobodyGetsMoreThanItsShare() external {
        world.pool().tend();
        assertLe(world.owed(), world.held(), "what is owed is there");
        (uint256 put, uint256 got) = world.inAndOut();
        assertLe(got + world.commission() + world.slashed(), put + world.rewards(), "nothing came from elsewhere");
        assertFalse(world.diluted(), "a share lost without a slash");
        uint256 charged = world.commission() + world.pool().commission();
        assertLe(charged, world.rewards() * 3_000 / 10_000, "commission is of rewards, and below its cap");
    }

    /// @notice No run counts in which nobody came, left and was paid.
    function afterInvariant() external {
        for (uint256 i; world.done("withdraw") == 0; ++i) {
            assertLt(i, 64, "the world got stuck");
            world.put_(4 + (1 << 8), 900 ether);
            world.put_(5 + (1 << 8), 600 ether);
            world.reward(1 << 8 | 7);
            world.queue(1 | 1 << 8);
            world.sleep(4 days - 1);
            world.sleep(4 days - 1);
            world.start(0);
            world.sleep(3 days);
            for (uint256 k; k < 4; ++k) {
                world.complete(0);
            }
            for (uint256 b; b <= world.lastBatch(); ++b) {
                world.take(1 | b << 8);
            }
        }
        this.invariant_NobodyGetsMoreThanItsShare();
    }
}
