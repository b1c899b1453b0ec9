// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Reserve} from "../../src/Reserve.sol";
import {Programs, WeightPoint} from "../../src/interfaces/IBudgets.sol";
import {CreditTerms} from "../../src/interfaces/ICredits.sol";
import {INetworks, NetworkConfig} from "../../src/interfaces/INetworks.sol";
import {IReserve} from "../../src/interfaces/IReserve.sol";
import {PriceLimits} from "../../src/libraries/PriceLimits.sol";
import {SettableFeed} from "../PaymentsWorld.sol";
import {World} from "./World.sol";

/// @notice A network whose weights move, whose second program pays at most eight tenths of what was burned for it, and of whose reserve no more leaves in six epochs than they emit.
abstract contract FundsFlows is World {
    uint8 internal constant WINDOW = 6;
    uint256 public constant LIMIT = 6_000 ether;

    address public reserve;
    uint256 public flowedToVault;
    uint256 public paidToAttesters;
    uint256 public windowsBroken;
    mapping(uint32 epoch => uint256) private _flowed;
    SettableFeed private _feed;
    address private _payer = makeAddr("payer");

    function setUp() public virtual override {
        super.setUp();
        reserve = networks.reserveOf(network);
        // Before genesis: it is the first ruleset, in its place.
        _adopt(7);
        _feed = new SettableFeed();
        CreditTerms memory t;
        t.price = PriceLimits(address(_feed), address(0), 8, 600, 1 days, 5_000, 200);
        t.refundSeconds = 2 days;
        t.sellerBps = [uint16(2_500), 2_500, 0, 0];
        vm.prank(governor);
        credits.setTerms(network, t);
        vm.prank(_payer);
        token.approve(address(credits), type(uint256).max);
    }

    function config() internal view virtual override returns (NetworkConfig memory c) {
        c = super.config();
        (c.outflowLimit, c.outflowEpochs) = (uint128(LIMIT), WINDOW);
    }

    /// @notice Somebody buys service, mostly of the bounded program: up to 600 tokens, three quarters of them burned.
    function spendCredits(uint256 seed) external {
        seed = mixed(seed);
        uint128 dollars = uint128(1 + seed % 600);
        uint8 program = seed >> 64 & 3 == 0 ? 0 : 1;
        _feed.set(8, 1e8, vm.getBlockTimestamp());
        token.transfer(_payer, dollars * 1 ether);
        vm.prank(_payer);
        credits.buy(network, _payer, dollars * 1e6, type(uint256).max);
        vm.prank(address(payments));
        (uint128 burned, uint128 paid) =
            credits.spend(network, _payer, stranger, program, dollars * 1e6);
        vm.prank(address(payments));
        credits.payOut(network, stranger, burned, paid);
        _burned[program][epochNow()] += burned;
        ++done["spend"];
    }

    /// @notice Anybody asks for what the vault or a verifier is owed.
    function settleDebt(uint256 seed) external {
        seed = mixed(seed);
        address to = seed % 4 == 0 ? verifiers[(seed >> 8) % 3] : networks.vaultOf(network);
        uint256 before = token.balanceOf(reserve);
        (bool ok,) = attempt("settleDebt", stranger, reserve, abi.encodeCall(IReserve.settleDebt, (to)));
        if (ok) _noteFlow(to, before);
    }

    /// @notice Promised to the vault and not there yet.
    function owedToVault() external view returns (uint256) {
        return Reserve(reserve).owedTo(networks.vaultOf(network));
    }

    function owedToAttesters() external view returns (uint256 sum) {
        for (uint256 i; i < 3; ++i) {
            sum += Reserve(reserve).owedTo(verifiers[i]);
        }
    }

    /// @notice What the accepted roots that stand may give the bounded program, and what was ever burned for it.
    function usage() external view returns (uint256 budget, uint256 burned) {
        for (uint256 i; i < accepted.length; ++i) {
            if (!settlement.isStanding(accepted[i])) continue;
            (uint32 first, uint32 last) = _rangeOf(accepted[i]);
            budget += budgets.budgetOf(network, first, last)[1];
        }
        burned = credits.burnedIn(network, 1, 0, type(uint32).max);
    }

    /// @dev One to three points within some twenty epochs, of two programs; the second is always bounded.
    function _adopt(uint256 seed) internal {
        Programs memory programs;
        programs.weights = new WeightPoint[](1 + seed % 3);
        uint32 at;
        for (uint256 i; i < programs.weights.length; ++i) {
            uint16 first = uint16(random(seed, i) % 10_001);
            programs.weights[i] = WeightPoint(at, [first, 10_000 - first, 0, 0]);
            at += uint32(1 + random(seed, 10 + i) % 150);
        }
        programs.returnBps[1] = uint16(1 + seed % 8_000);
        bytes memory call = abi.encodeCall(INetworks.adoptRuleset, (network, RULESET, programs));
        (bool ok,) = attempt("adoptRuleset", governor, address(networks), call);
        uint32 fromEpoch = block.timestamp < GENESIS ? 0 : epochNow() + 1;
        if (ok) _adopted.push(Adopted(fromEpoch, abi.encode(programs)));
    }

    /// @dev What left the reserve since its balance was `before`, and whether a window has more than the limit now.
    function _noteFlow(address to, uint256 before) internal {
        uint256 flow = before - token.balanceOf(reserve);
        if (to == networks.vaultOf(network)) flowedToVault += flow;
        else paidToAttesters += flow;
        uint32 epoch = epochNow();
        _flowed[epoch] += flow;
        uint256 sum;
        for (uint32 i; i < WINDOW && i <= epoch; ++i) {
            sum += _flowed[epoch - i];
        }
        if (sum > LIMIT) ++windowsBroken;
        if (Reserve(reserve).owedTo(to) > 0) ++done["owed"];
    }

    function _rangeOf(bytes32 id) private view returns (uint32, uint32) {
        Draft memory d = _unpacked(id);
        return (d.root.first, d.root.last);
    }
}
