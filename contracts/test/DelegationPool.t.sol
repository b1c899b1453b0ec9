// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {DelegationPool} from "../src/DelegationPool.sol";
import {IDelegationPool, PoolTerms} from "../src/interfaces/IDelegationPool.sol";
import {IEvidence} from "../src/interfaces/IEvidence.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {IStake, Role} from "../src/interfaces/IStake.sol";
import {SettlementWorld} from "./SettlementWorld.sol";

/// @notice A pool whose operator attests on the real contracts.
contract DelegationPoolTest is SettlementWorld {
    uint64 internal constant EXIT = 3 days;

    DelegationPool internal pool;
    address internal op = makeAddr("operator");
    address internal ann = makeAddr("ann");
    address internal ben = makeAddr("ben");

    function setUp() public override {
        super.setUp();
        vm.prank(op);
        pool = DelegationPool(delegationPools.create(network, PoolTerms(1_000, 2_000, 4_000)));
        fund(op, address(pool));
        fund(ann, address(pool));
        fund(ben, address(pool));
    }

    function delegate(address holder, uint128 assets) internal returns (uint256) {
        vm.prank(holder);
        return pool.deposit(assets);
    }

    /// @dev 400 of the operator and 300 each of two others, at stake from epoch 0 on.
    function fill() internal {
        delegate(op, 400 ether);
        delegate(ann, 300 ether);
        delegate(ben, 300 ether);
    }

    function attestThroughPool(Draft memory d) internal {
        bytes memory call = abi.encodeCall(ISettlement.attest, (network, d.root, topsOf(d), bytes32(0)));
        vm.prank(op);
        pool.act(address(settlement), call);
    }

    function staked() internal view returns (uint256) {
        return stake.slashableOf(network, Role.Verifier, address(pool));
    }

    // ---- shares

    function test_Deposit_BondsTheWhole() external {
        delegate(op, 150 ether);
        assertEq(staked(), 0, "less than a bond stays idle");
        vm.expectEmit(address(pool));
        emit IDelegationPool.Delegated(ann, 100 ether, 100 ether * 1e6);
        vm.prank(ann);
        pool.deposit(100 ether);
        vm.snapshotGasLastCall("pool", "deposit, first");
        assertEq(staked(), 250 ether);
        vm.prank(ann);
        pool.deposit(100 ether);
        vm.snapshotGasLastCall("pool", "deposit, again");
        assertEq(staked(), 350 ether);
        assertEq(pool.totalAssets(), 350 ether);
        assertEq(pool.assetsOf(ann), 200 ether);
        assertEq(stake.weightOf(network, Role.Verifier, address(pool), 0), 350 ether);
        assertTrue(delegationPools.isPool(address(pool)));
        assertFalse(delegationPools.isPool(op));
    }

    function test_RevertWhen_TheOperatorsPartIsTooSmall() external {
        vm.prank(ann);
        vm.expectRevert(
            abi.encodeWithSelector(IDelegationPool.SelfDelegationTooSmall.selector, 0, 40 ether)
        );
        pool.deposit(100 ether);
        delegate(op, 400 ether);
        delegate(ann, 600 ether);
        vm.prank(ben);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPool.SelfDelegationTooSmall.selector, 400 ether, 400.4 ether
            )
        );
        pool.deposit(1 ether);
        // Nor can it take its part out from under the others.
        vm.prank(op);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPool.SelfDelegationTooSmall.selector, 399 ether, 400 ether
            )
        );
        pool.requestExit(1 ether * 1e6);
    }

    function test_Inflation_ADonationIsLostOnItsGiver() external {
        delegate(op, 1);
        vm.prank(op);
        token.transfer(address(pool), 100 ether);
        // The operator's own part is large by now, so ann may come.
        delegate(ann, 20 ether);
        assertApproxEqRel(pool.assetsOf(ann), 20 ether, 1e12, "a millionth of a millionth");
        assertLt(pool.assetsOf(op), 50 ether, "half of what it gave is nobody's");
    }

    // ---- acting

    function test_Attest_ThroughThePool_PaysDelegators() external {
        fill();
        sealEvidence();
        warpToAttesting(0);
        Draft memory d = honestDraft();
        attestThroughPool(d);
        bytes32 id = accept(d);
        vm.warp(settlement.recordOf(id).finalisableAt);
        settlement.finalise(id);
        settlement.resolve(id, address(pool));
        // 5 % of 1000, shared by a weight of 1000 and two of 200.
        uint256 paid = token.balanceOf(address(pool));
        assertEq(paid, uint256(50 ether) * 1000 / 1400);
        assertEq(pool.commission(), paid / 10);
        assertEq(pool.totalAssets(), 1000 ether + paid - paid / 10);
        uint256 expected = 300 ether + (paid - paid / 10) * 3 / 10;
        assertApproxEqAbs(pool.assetsOf(ann), expected, 1e9);
        pool.tend();
        assertEq(staked(), pool.totalAssets(), "what is left after the commission works on");
        uint256 before = token.balanceOf(op);
        pool.takeCommission();
        assertEq(token.balanceOf(op) - before, paid / 10);
        assertEq(pool.commission(), 0);
    }

    function test_RevertWhen_ActingOnAnythingElse() external {
        fill();
        bytes[9] memory calls = [
            abi.encodeCall(IERC20.transfer, (op, 1)),
            abi.encodeCall(IERC20.approve, (op, 1)),
            abi.encodeCall(IStake.withdraw, (network, Role.Verifier)),
            abi.encodeCall(IStake.requestExit, (network, Role.Verifier, 1)),
            abi.encodeCall(IStake.deposit, (network, Role.Verifier, 1)),
            abi.encodeCall(IEvidence.commit, (network, 0, bytes32(0), 1, 1)),
            abi.encodeCall(ISettlement.attest, (network, honestDraft().root, topsOf(honestDraft()), 0)),
            abi.encodeCall(IEvidence.markUnavailable, (network, 0)),
            bytes(hex"01")
        ];
        address[6] memory targets = [
            address(token),
            address(stake),
            address(evidence),
            address(disputes),
            address(challenges),
            address(pool)
        ];
        vm.startPrank(op);
        for (uint256 t; t < targets.length; ++t) {
            for (uint256 i; i < calls.length; ++i) {
                if (targets[t] == address(evidence) && i == 7) continue;
                vm.expectRevert(
                    abi.encodeWithSelector(
                        IDelegationPool.CallNotAllowed.selector, targets[t], bytes4(calls[i])
                    )
                );
                pool.act(targets[t], calls[i]);
            }
        }
        vm.stopPrank();
        vm.prank(ann);
        vm.expectRevert(abi.encodeWithSelector(IDelegationPool.NotOperator.selector, ann, op));
        pool.act(address(settlement), calls[6]);
        // What the target says comes through.
        vm.prank(op);
        vm.expectRevert();
        pool.act(address(evidence), calls[7]);
    }

    // ---- exits

    function test_Exit_InBatches_OneAtATime() external {
        fill();
        vm.warp(GENESIS);
        vm.prank(ann);
        pool.requestExit(100 ether * 1e6);
        vm.snapshotGasLastCall("pool", "request exit");
        pool.startExit();
        vm.snapshotGasLastCall("pool", "start exit");
        assertEq(stake.countedAt(network, Role.Verifier, address(pool), 1), 900 ether);
        vm.prank(ben);
        assertEq(pool.requestExit(300 ether * 1e6), 1, "the next batch");
        vm.expectRevert(abi.encodeWithSelector(IDelegationPool.ExitUnderWay.selector, 0));
        pool.startExit();
        vm.expectRevert(abi.encodeWithSelector(IStake.ExitTooEarly.selector, GENESIS + EXIT, GENESIS));
        pool.completeExit();
        vm.expectRevert(abi.encodeWithSelector(IDelegationPool.BatchNotPaid.selector, 0));
        pool.withdraw(0, ann);

        vm.warp(GENESIS + EXIT);
        assertEq(pool.completeExit(), 100 ether);
        vm.snapshotGasLastCall("pool", "complete exit");
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPool.NextExitTooEarly.selector, GENESIS + 4 * EXIT, GENESIS + EXIT
            )
        );
        pool.startExit();
        assertEq(pool.withdraw(0, ann), 100 ether);
        vm.snapshotGasLastCall("pool", "withdraw");
        vm.expectRevert(abi.encodeWithSelector(IDelegationPool.NothingToWithdraw.selector, 0, ann));
        pool.withdraw(0, ann);
        vm.warp(GENESIS + 4 * EXIT);
        pool.startExit();
        vm.warp(GENESIS + 5 * EXIT);
        pool.completeExit();
        assertEq(pool.withdraw(1, ben), 300 ether);
        assertEq(pool.totalAssets(), 600 ether);
    }

    function test_Exit_ThatLeavesLessThanABond_TakesTheBondOutAndBack() external {
        fill();
        for (uint256 i; i < 2; ++i) {
            address holder = i == 0 ? ann : ben;
            vm.prank(holder);
            pool.requestExit(300 ether * 1e6);
        }
        vm.warp(GENESIS);
        pool.startExit();
        assertEq(pool.leaving().exiting, 600 ether, "400 are a bond, and stay");
        vm.warp(GENESIS + EXIT);
        pool.completeExit();
        vm.prank(op);
        pool.close();
        vm.startPrank(op);
        pool.requestExit(300 ether * 1e6);
        vm.warp(GENESIS + 4 * EXIT);
        pool.startExit();
        assertEq(pool.leaving().exiting, 400 ether, "100 would not be a bond");
        assertEq(pool.leaving().claim, 300 ether);
        vm.warp(GENESIS + 5 * EXIT);
        assertEq(pool.completeExit(), 300 ether);
        assertEq(staked(), 0);
        assertEq(pool.totalAssets(), 100 ether);
        // Nothing at stake: no delay.
        pool.requestExit(pool.sharesOf(op));
        vm.warp(GENESIS + 8 * EXIT);
        pool.startExit();
        assertEq(pool.withdraw(2, op), 100 ether);
        assertEq(pool.withdraw(1, op) + pool.withdraw(0, ann) + pool.withdraw(0, ben), 900 ether);
        assertEq(token.balanceOf(address(pool)), 0);
    }

    function test_Exit_WhenDue_TheOperatorAttestsNothingMore() external {
        fill();
        vm.prank(ann);
        pool.requestExit(300 ether * 1e6);
        pool.startExit();
        vm.warp(block.timestamp + EXIT);
        Draft memory d;
        bytes memory call = abi.encodeCall(ISettlement.attest, (network, d.root, topsOf(d), bytes32(0)));
        uint64 dueAt = uint64(block.timestamp);
        vm.prank(op);
        vm.expectRevert(abi.encodeWithSelector(IDelegationPool.ExitsFirst.selector, 0, dueAt));
        pool.act(address(settlement), call);
    }

    function test_Exit_WaitsForWhatWasAttested() external {
        fill();
        vm.prank(ann);
        pool.requestExit(300 ether * 1e6);
        pool.startExit();
        sealEvidence();
        warpToAttesting(0);
        Draft memory d = honestDraft();
        attestThroughPool(d);
        bytes32 id = accept(d);
        vm.warp(GENESIS + 10 days);
        vm.expectRevert(abi.encodeWithSelector(IStake.StillLiable.selector, address(pool), 1));
        pool.completeExit();
        settlement.finalise(id);
        settlement.resolve(id, address(pool));
        assertEq(pool.completeExit(), 300 ether, "what it earned since is the others'");
    }

    // ---- slashes

    function test_Slash_IsBorneByThoseWhoLeaveToo() external {
        fill();
        vm.prank(ann);
        pool.requestExit(150 ether * 1e6);
        pool.startExit();
        vm.prank(address(settlement));
        stake.slash(network, Role.Verifier, address(pool), 500 ether);
        assertEq(pool.totalAssets(), 425 ether);
        vm.warp(block.timestamp + EXIT);
        assertEq(pool.completeExit(), 75 ether);
        assertEq(pool.totalAssets(), 425 ether);
        assertApproxEqAbs(pool.assetsOf(ben), 150 ether, 1e9);
        assertEq(pool.withdraw(0, ann), 75 ether);
    }

    /// @notice An operator that attests a false root and challenges it itself gets less than it loses.
    function test_Slash_OfAFalseRoot_NeverPaysTheOperator() external {
        fill();
        sealEvidence();
        warpToAttesting(0);
        Draft memory d = honestDraft();
        d.cumulative[0] -= 1;
        close(d);
        attestThroughPool(d);
        bytes32 id = accept(d);
        vm.prank(address(challenges));
        settlement.remove(id, 1, op, uint64(block.timestamp));
        settlement.resolve(id, address(pool));
        assertEq(staked(), 0);
        assertEq(pool.totalAssets(), 0);
        vm.warp(GENESIS + 10 days);
        uint256 before = token.balanceOf(op);
        settlement.collect(id);
        assertLt(token.balanceOf(op) - before, 400 ether, "a third of the pool, for two fifths of it");
        vm.prank(ann);
        vm.expectRevert(IDelegationPool.PoolLostAll.selector);
        pool.deposit(1 ether);
    }

    function test_Slash_OfAll_WhileLeaving_EndsTheBatch() external {
        fill();
        vm.prank(ann);
        pool.requestExit(300 ether * 1e6);
        pool.startExit();
        vm.prank(address(settlement));
        stake.slashAll(network, Role.Verifier, address(pool), address(0));
        assertEq(pool.completeExit(), 0);
        assertEq(pool.withdraw(0, ann), 0);
    }

    // ---- commission and closing

    function test_Commission_RisesOnlyAfterItsNotice() external {
        fill();
        vm.startPrank(op);
        vm.expectRevert(abi.encodeWithSelector(IDelegationPool.CommissionTooHigh.selector, 2_001, 2_000));
        pool.announceCommission(2_001);
        pool.announceCommission(2_000);
        vm.stopPrank();
        uint64 from = uint64(block.timestamp) + 6 * EXIT;
        vm.expectRevert(
            abi.encodeWithSelector(IDelegationPool.NoticeNotOver.selector, from, block.timestamp)
        );
        pool.applyCommission();
        token.transfer(address(pool), 100 ether);
        vm.warp(from);
        pool.applyCommission();
        assertEq(pool.commission(), 10 ether, "what came before is shared as it was");
        token.transfer(address(pool), 100 ether);
        assertEq(pool.commission(), 30 ether);
        vm.prank(op);
        pool.announceCommission(0);
        token.transfer(address(pool), 100 ether);
        assertEq(pool.commission(), 30 ether, "less acts at once");
        vm.expectRevert(
            abi.encodeWithSelector(IDelegationPool.NoticeNotOver.selector, 0, block.timestamp)
        );
        pool.applyCommission();
    }

    function test_RevertWhen_Closed() external {
        fill();
        vm.prank(ann);
        vm.expectRevert(abi.encodeWithSelector(IDelegationPool.NotOperator.selector, ann, op));
        pool.close();
        vm.prank(op);
        pool.close();
        vm.prank(ann);
        vm.expectRevert(IDelegationPool.PoolIsClosed.selector);
        pool.deposit(1 ether);
        Draft memory d;
        bytes memory call = abi.encodeCall(ISettlement.attest, (network, d.root, topsOf(d), bytes32(0)));
        vm.prank(op);
        vm.expectRevert(IDelegationPool.PoolIsClosed.selector);
        pool.act(address(settlement), call);
    }

    function test_RevertWhen_TermsAreOff() external {
        expectInvalid(PoolTerms(0, 0, 3_333), "selfBps", 3_333);
        expectInvalid(PoolTerms(0, 0, 10_001), "selfBps", 10_001);
        expectInvalid(PoolTerms(0, 10_001, 5_000), "mostCommissionBps", 10_001);
        expectInvalid(PoolTerms(501, 500, 5_000), "commissionBps", 501);
    }

    function expectInvalid(PoolTerms memory terms, string memory field, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IDelegationPool.PoolTermsInvalid.selector, field, value));
        delegationPools.create(network, terms);
    }
}
