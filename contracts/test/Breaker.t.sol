// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Reserve} from "../src/Reserve.sol";
import {INetworks, NetworkConfig} from "../src/interfaces/INetworks.sol";
import {OutflowBreaker, Outflows} from "../src/libraries/OutflowBreaker.sol";
import {Foundation} from "./Foundation.sol";

/// @notice Spec 7, Breaker: by its vectors, and on a reserve of which at most 4 000 tokens leave in four epochs.
contract BreakerTest is Foundation {
    using OutflowBreaker for Outflows;

    Outflows private _outflows;
    Reserve private _limited;
    address private _vault;

    function setUp() public override {
        super.setUp();
        NetworkConfig memory c = limited(4000 ether, 4);
        network = networks.create(c, "limited", RULESET, weights(10_000, 0, 0, 0));
        (_limited, _vault) = (Reserve(networks.reserveOf(network)), networks.vaultOf(network));
        token.transfer(address(_limited), emission.total());
        warpToEpoch(10);
    }

    function limited(uint128 limit, uint8 epochs) private view returns (NetworkConfig memory c) {
        c = config();
        (c.outflowLimit, c.outflowEpochs) = (limit, epochs);
    }

    function release(uint256 amount) private {
        vm.prank(address(settlement));
        _limited.releaseToVault(amount);
    }

    function test_Vectors() external {
        string memory json = vm.readFile("specs/vectors/economics.json");
        uint256 checked;
        for (uint256 i; vm.keyExistsJson(json, place(".breaker", i)); ++i) {
            string memory path = place(".breaker", i);
            delete _outflows;
            uint256 windowEpochs = number(json, path, ".limits.windowEpochs");
            uint256 limit = number(json, path, ".limits.limit");
            for (uint256 k; vm.keyExistsJson(json, place(string.concat(path, ".flows"), k)); ++k) {
                string memory flow = place(string.concat(path, ".flows"), k);
                uint32 epoch = uint32(number(json, flow, ".epoch"));
                uint256 paid =
                    _outflows.letFlow(limit, windowEpochs, epoch, number(json, flow, ".amount"));
                assertEq(paid, number(json, flow, ".paid"), flow);
                assertEq(_outflows.sum, number(json, flow, ".sum"), flow);
                assertEq(_outflows.sumAt(windowEpochs, epoch), _outflows.sum, flow);
                ++checked;
            }
        }
        assertGt(checked, 80);
    }

    function test_default_WhatIsAboveTheLimitWaits() external {
        release(3000 ether);
        assertEq(token.balanceOf(_vault), 3000 ether);
        vm.prank(address(settlement));
        assertEq(_limited.payAttester(alice, 1500 ether), 1000 ether);
        assertEq(_limited.owedTo(alice), 500 ether);
        warpToEpoch(13);
        release(100 ether);
        assertEq(_limited.owedTo(_vault), 100 ether);
        assertEq(_limited.settleDebt(_vault), 0);
        warpToEpoch(14);
        assertEq(_limited.payableTo(alice), 500 ether);
        vm.prank(bob);
        assertEq(_limited.settleDebt(_vault), 100 ether);
        assertEq(_limited.settleDebt(alice), 500 ether);
        assertEq(token.balanceOf(alice), 1500 ether);
        assertEq(_limited.settleDebt(alice), 0);
    }

    function test_behavior_TheVaultComesFirst() external {
        release(7000 ether);
        warpToEpoch(14);
        vm.prank(address(settlement));
        assertEq(_limited.payAttester(alice, 2000 ether), 1000 ether);
        assertEq(_limited.payableTo(alice), 0);
        assertEq(_limited.settleDebt(_vault), 3000 ether);
        assertEq(_limited.payableTo(alice), 0);
        warpToEpoch(18);
        assertEq(_limited.settleDebt(alice), 1000 ether);
    }

    /// @dev Anybody asks at any time: no window of four epochs ever passes the limit, and what is owed is neither lost nor paid twice.
    function testFuzz_behavior_NoWindowPassesTheLimit(uint256 seed) external {
        uint256[40] memory flowed;
        uint256 promised;
        uint32 epoch = 10;
        for (uint256 i; i < 24; ++i) {
            uint256 salt = uint256(keccak256(abi.encode(seed, i)));
            epoch += uint32(salt % 4 == 0 ? (salt >> 8) % 4 : 0);
            if (epoch > 36) break;
            warpToEpoch(epoch);
            uint256 before = token.balanceOf(address(_limited));
            uint256 amount = (salt >> 16) % 3000 ether;
            uint256 what = (salt >> 4) % 4;
            if (what == 0) release(amount);
            if (what == 1) {
                vm.prank(address(settlement));
                _limited.payAttester(alice, amount);
            }
            if (what < 2) promised += amount;
            if (what > 1) {
                address to = what == 2 ? _vault : alice;
                uint256 expected = _limited.payableTo(to);
                assertEq(_limited.settleDebt(to), expected);
            }
            flowed[epoch] += before - token.balanceOf(address(_limited));
            uint256 sum = flowed[epoch] + flowed[epoch - 1] + flowed[epoch - 2] + flowed[epoch - 3];
            assertLe(sum, 4000 ether);
        }
        uint256 paid = token.balanceOf(_vault) + token.balanceOf(alice);
        assertEq(paid + _limited.owedTo(_vault) + _limited.owedTo(alice), promised);
    }

    function test_create_error_ALimitThatCanNeverPayTheSchedule() external {
        refuse(
            4000 ether - 1,
            4,
            abi.encodeWithSelector(INetworks.OutflowTooLow.selector, 4000 ether - 1, 4000 ether)
        );
        refuse(0, 1, abi.encodeWithSelector(INetworks.OutflowInvalid.selector, 0, 1));
        refuse(1e30, 0, abi.encodeWithSelector(INetworks.OutflowInvalid.selector, 1e30, 0));
        refuse(1e30, 65, abi.encodeWithSelector(INetworks.OutflowInvalid.selector, 1e30, 65));
        networks.create(limited(64_000 ether, 64), "b", RULESET, weights(10_000, 0, 0, 0));
    }

    /// @dev The dearest there is: 64 epochs of flow leave the window at once.
    function test_gas_AWindowThatMovedOnWhole() external {
        network = networks.create(limited(64_000 ether, 64), "wide", RULESET, weights(10_000, 0, 0, 0));
        (_limited, _vault) = (Reserve(networks.reserveOf(network)), networks.vaultOf(network));
        token.transfer(address(_limited), emission.total());
        for (uint32 epoch; epoch < 64; ++epoch) {
            warpToEpoch(20 + epoch);
            release(1000 ether);
        }
        release(500 ether);
        assertEq(_limited.owedTo(_vault), 500 ether);
        warpToEpoch(200);
        _limited.settleDebt(_vault);
        vm.snapshotGasLastCall("budgets", "settleDebt, a window of 64 epochs gone");
        assertEq(_limited.owedTo(_vault), 0);
    }

    function refuse(uint128 limit, uint8 epochs, bytes memory error_) private {
        NetworkConfig memory c = limited(limit, epochs);
        vm.expectRevert(error_);
        networks.create(c, "b", RULESET, weights(10_000, 0, 0, 0));
    }

    function place(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(i), "]");
    }

    function number(string memory json, string memory k, string memory field) private pure returns (uint256) {
        return vm.parseUint(vm.parseJsonString(json, string.concat(k, field)));
    }
}
