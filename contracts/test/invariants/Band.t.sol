// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BandWorld} from "../BandWorld.sol";

/// @notice Customers, sellers, people who burn and give tokens away, thieves, and anybody who advances a band in any pieces.
contract BandActors is BandWorld {
    mapping(bytes32 action => uint256) public done;
    mapping(uint32 epoch => uint256) private _answered;
    uint256 private _burnedByHolders;
    uint256 private _givenToBand;
    uint256 private _givenToReserve;
    bool public tookSomething;

    function setUp() public override {
        super.setUp();
        token.transfer(payer, 1e25);
        warpTo(1);
    }

    function pass(uint256 seed) external {
        // Mostly within a few epochs; now and then a long sleep.
        uint256 seconds_ = seed % 5 == 0 ? seed % (400 * EPOCH) : seed % (3 * EPOCH);
        vm.warp(vm.getBlockTimestamp() + seconds_);
    }

    function use(uint256 seed, uint64 amount) external {
        uint256 most = seed % 3 == 0 ? 100 * USD : 10_000 * USD;
        spend(uint8(seed >> 8) & 1, uint128(1 + uint256(amount) % most));
        ++done["use"];
    }

    function burn(uint64 amount) external {
        token.burn(amount);
        _burnedByHolders += amount;
    }

    function give(uint256 seed, uint64 amount) external {
        if (seed & 1 == 0) {
            token.transfer(address(band), amount);
            _givenToBand += amount;
        } else {
            token.transfer(address(reserve), amount);
            _givenToReserve += amount;
        }
    }

    function advance(uint256 limit) external {
        band.advance(limit % 40);
        ++done["advance"];
    }

    function ask(uint256 seed) external {
        uint32 current = uint32((vm.getBlockTimestamp() - GENESIS) / EPOCH);
        uint32 epoch = uint32(seed % (uint256(current) + 1));
        uint256 answer = band.cumulative(epoch) + 1;
        if (_answered[epoch] != 0 && _answered[epoch] != answer) tookSomething = true;
        _answered[epoch] = answer;
        ++done["ask"];
    }

    function steal(uint256 seed) external {
        vm.startPrank(seed & 1 == 0 ? governor : treasury);
        try token.mintAgain(stranger, seed % 1e18) {
            tookSomething = true;
        } catch {}
        try reserve.releaseToVault(seed % 1e18) {
            tookSomething = true;
        } catch {}
        vm.stopPrank();
    }

    function check() external view {
        uint32 next = band.nextEpoch();
        (uint256 whole, uint256 reminted, uint256 overflow) = band.partsBefore(next);
        uint256 burned = _burnedForService(next);
        assertLe(reminted, burned, "more was emitted again than was burned");
        assertLe(whole + reminted - overflow, whole + burned, "emitted is at most base and burns");
        assertEq(
            token.totalSupply(), GENESIS_SUPPLY + reminted - _burnedByHolders - _burnedForService(type(uint32).max)
        );
        assertLe(token.totalSupply(), GENESIS_SUPPLY, "supply never passes genesis");
        assertEq(token.balanceOf(address(band)), base.total() - whole + _givenToBand, "the rest of the base");
        assertEq(token.balanceOf(address(reserve)), whole + reminted - overflow + _givenToReserve, "reserve");
        assertEq(token.balanceOf(treasury), overflow, "the treasury has the overflow and nothing else");
        assertEq(token.balanceOf(stranger), 0);
        assertFalse(tookSomething, "an answer changed, or a key took something");
    }

    /// @notice Against the definition, and one of the bounds at a time.
    function checkAll() external view {
        uint32 current = uint32((vm.getBlockTimestamp() - GENESIS) / EPOCH);
        (uint256 reminted, uint256 overflow) = expectedBefore(current);
        assertEq(band.cumulative(current), base.cumulative(current) + reminted - overflow);
        uint256 before;
        uint256 overflowBefore;
        uint256 cap = limits().netEmissionCap;
        for (uint32 epoch = 1; epoch <= band.nextEpoch(); ++epoch) {
            (, reminted, overflow) = band.partsBefore(epoch);
            bool isToppedUp = reminted - before > cap;
            assertFalse(isToppedUp && overflow > overflowBefore, "floor and cap bind both");
            (before, overflowBefore) = (reminted, overflow);
        }
    }

    function _burnedForService(uint32 until) private view returns (uint256 burned) {
        uint32 epoch;
        for (uint256 place; (epoch = credits.spentEpochAt(network, place)) < until; ++place) {
            burned += credits.spentIn(network, epoch).burned;
        }
    }
}

/// @notice Supply = genesis + reminted − burned ≤ genesis; emitted ≤ base + Σ burned; Σ to the treasury = Σ overflow; no answer ever changes, and no key takes anything.
contract BandInvariants is BandWorld {
    BandActors private actors;

    function setUp() public override {
        actors = new BandActors();
        actors.setUp();
        bytes4[] memory acts = new bytes4[](7);
        acts[0] = BandActors.pass.selector;
        acts[1] = BandActors.use.selector;
        acts[2] = BandActors.burn.selector;
        acts[3] = BandActors.give.selector;
        acts[4] = BandActors.advance.selector;
        acts[5] = BandActors.ask.selector;
        acts[6] = BandActors.steal.selector;
        targetSelector(FuzzSelector(address(actors), acts));
        targetContract(address(actors));
    }

    function invariant_MoneyIsWhereTheSumsSay() external view {
        actors.check();
    }

    /// @notice No run counts in which nothing was spent, emitted again and asked for.
    function afterInvariant() external {
        actors.use(3, 50e6);
        actors.pass(2 * EPOCH - 1);
        actors.advance(39);
        actors.ask(5);
        actors.check();
        actors.checkAll();
    }
}
