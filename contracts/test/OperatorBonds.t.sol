// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC721} from "solady/tokens/ERC721.sol";

import {WorkProof} from "../src/interfaces/IChallenges.sol";
import {BondTerms, DeviceBond, IOperatorBonds} from "../src/interfaces/IOperatorBonds.sol";
import {RewardVault} from "../src/RewardVault.sol";
import {SettlementWorld} from "./SettlementWorld.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

contract OperatorBondsTest is SettlementWorld {
    address internal owner;
    address internal caller = makeAddr("caller");
    uint256 internal deviceId;

    function setUp() public override {
        super.setUp();
        owner = ownerOf(0);
        deviceId = network.deviceId(0);
        vm.startPrank(governor);
        operatorBonds.setTerms(network, terms());
        operatorBonds.setLeastBond(network, 1, 100 ether);
        vm.stopPrank();
        fund(owner, address(operatorBonds));
    }

    function terms() internal pure returns (BondTerms memory t) {
        t.faultProgram = 2;
        t.forgiveEpochs = 24;
        t.scores = [uint32(2), 4, 8, 16];
        t.bps = [uint16(100), 1_000, 5_000, 10_000];
    }

    function bondOf(uint32 index) internal view returns (DeviceBond memory) {
        return operatorBonds.bondOf(network, index);
    }

    function post(uint128 amount) internal {
        vm.prank(owner);
        operatorBonds.deposit(network, 0, amount);
    }

    function exit(uint128 amount) internal {
        vm.prank(owner);
        operatorBonds.requestExit(network, 0, amount);
    }

    /// @dev Epoch 0, in which device 0 is at fault: the honest draft but for work in the third program, which has no weight.
    function faultyDraft(uint96 faults) internal view returns (Draft memory d) {
        d = honestDraft();
        d.verdicts[0][3].work[2] = faults;
        d.work[0] = sumWork(0, d.verdicts[0]);
        close(d);
    }

    function acceptFaulty(uint96 faults) internal returns (Draft memory d, bytes32 id) {
        sealEvidence();
        warpToAttesting(0);
        d = faultyDraft(faults);
        id = accept(d);
    }

    function finaliseFaulty(uint96 faults) internal returns (Draft memory d, bytes32 id) {
        (d, id) = acceptFaulty(faults);
        vm.warp(settlement.recordOf(id).finalisableAt);
        settlement.finalise(id);
    }

    function slash(Draft memory d, uint256 index) internal returns (uint128) {
        WorkProof memory proof = workProof(d, index);
        vm.prank(caller);
        return operatorBonds.slash(network, d.root, proof);
    }

    function expectSlashRevert(Draft memory d, WorkProof memory proof, bytes memory fault) internal {
        vm.expectRevert(fault);
        operatorBonds.slash(network, d.root, proof);
    }

    // ---- deposit

    function test_Deposit_CountsForTheDevice() external {
        assertFalse(operatorBonds.isBonded(network, 0));
        vm.expectEmit();
        emit IOperatorBonds.BondDeposited(network, 0, owner, 60 ether, 60 ether, 0);
        vm.prank(owner);
        operatorBonds.deposit(network, 0, 60 ether);
        vm.snapshotGasLastCall("bonds", "deposit, first");
        assertFalse(operatorBonds.isBonded(network, 0));
        fund(stranger, address(operatorBonds));
        vm.prank(stranger);
        operatorBonds.deposit(network, 0, 40 ether);
        vm.snapshotGasLastCall("bonds", "deposit, again");
        assertTrue(operatorBonds.isBonded(network, 0));
        assertFalse(operatorBonds.isBonded(network, 1));
        assertEq(token.balanceOf(address(operatorBonds)), 100 ether);
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorBonds.NotDeviceOwner.selector, deviceId, stranger, owner)
        );
        operatorBonds.requestExit(network, 0, 1);
    }

    function test_RevertWhen_DepositForNoDevice() external {
        vm.startPrank(owner);
        vm.expectRevert(ERC721.TokenDoesNotExist.selector);
        operatorBonds.deposit(network, DEVICES, 1);
        vm.expectRevert(IOperatorBonds.NothingToDeposit.selector);
        operatorBonds.deposit(network, 0, 0);
    }

    // ---- terms

    function test_Terms_ActFromTheNextEpoch() external {
        vm.warp(GENESIS + 5 * EPOCH);
        BondTerms memory t = terms();
        t.faultProgram = 3;
        vm.prank(governor);
        operatorBonds.setTerms(network, t);
        assertEq(operatorBonds.termsAt(network, 5).faultProgram, 2);
        assertEq(operatorBonds.termsAt(network, 6).faultProgram, 3);
        t.faultProgram = 1;
        vm.prank(governor);
        operatorBonds.setTerms(network, t);
        assertEq(operatorBonds.termsAt(network, 6).faultProgram, 1, "the last of an epoch counts");
    }

    function test_RevertWhen_TermsAreNotALadder() external {
        BondTerms memory t = terms();
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorBonds.NotOwner.selector, network, address(this), governor)
        );
        operatorBonds.setTerms(network, t);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorBonds.NotOwner.selector, network, address(this), governor)
        );
        operatorBonds.setLeastBond(network, 1, 0);
        vm.startPrank(governor);
        t = terms();
        t.scores[2] = 4;
        expectInvalid(t, "scores", 2);
        t = terms();
        t.scores[0] = 0;
        expectInvalid(t, "scores", 0);
        t = terms();
        t.bps[3] = 4_999;
        expectInvalid(t, "bps", 3);
        t = terms();
        t.bps[3] = 10_001;
        expectInvalid(t, "bps", 3);
        t = terms();
        t.forgiveEpochs = 0;
        expectInvalid(t, "forgiveEpochs", 0);
        t = terms();
        t.faultProgram = 4;
        expectInvalid(t, "faultProgram", 4);
    }

    function expectInvalid(BondTerms memory t, string memory field, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.BondTermsInvalid.selector, field, value));
        operatorBonds.setTerms(network, t);
    }

    // ---- slash

    function test_Slash_TakesTheLaddersShareOnce() external {
        post(200 ether);
        (Draft memory d, bytes32 id) = finaliseFaulty(4);
        uint256 supply = token.totalSupply();
        WorkProof memory proof = workProof(d, 0);
        vm.expectEmit();
        emit IOperatorBonds.OperatorSlashed(network, 0, id, 4, 4, 19 ether, 1 ether, caller);
        vm.prank(caller);
        assertEq(operatorBonds.slash(network, d.root, proof), 20 ether, "a tenth");
        vm.snapshotGasLastCall("bonds", "slash");
        assertEq(bondOf(0).amount, 180 ether);
        assertEq(supply - token.totalSupply(), 19 ether);
        assertEq(token.balanceOf(caller), 1 ether, "the twentieth of the caller");
        assertTrue(operatorBonds.isExecuted(id, 0));
        assertEq(operatorBonds.scoreOf(network, 0, 0), 4);
        assertEq(operatorBonds.scoreOf(network, 0, 24), 4);
        assertEq(operatorBonds.scoreOf(network, 0, 25), 3, "24 clean epochs");
        assertEq(operatorBonds.scoreOf(network, 0, 200), 0);
        expectSlashRevert(d, proof, abi.encodeWithSelector(IOperatorBonds.AlreadyExecuted.selector, id, 0));
    }

    function test_Slash_WithoutABond_RaisesTheScore() external {
        (Draft memory d,) = finaliseFaulty(16);
        assertEq(slash(d, 0), 0);
        assertEq(operatorBonds.scoreOf(network, 0, 0), 16);
    }

    function test_Slash_WithoutWeight_FaultsArePaidNothing() external {
        (Draft memory d, bytes32 id) = finaliseFaulty(4);
        assertEq(settlement.recordOf(id).workSums[2], 4);
        assertEq(settlement.recordOf(id).pots[2], 0);
        Draft memory clean = honestDraft();
        RewardVault vault = RewardVault(networks.vaultOf(network));
        bytes memory siblings = TreeBuilder.siblings(d.payoutLevels, 0, 0);
        assertEq(vault.claim(id, 0, d.cumulative[0], siblings), clean.cumulative[0]);
    }

    function test_RevertWhen_SlashIsNotOfAFinalRoot() external {
        (Draft memory d, bytes32 id) = acceptFaulty(4);
        WorkProof memory proof = workProof(d, 0);
        expectSlashRevert(d, proof, abi.encodeWithSelector(IOperatorBonds.RootNotFinal.selector, id));
        vm.warp(settlement.recordOf(id).finalisableAt);
        settlement.finalise(id);
        WorkProof memory other = workProof(d, 1);
        expectSlashRevert(d, other, abi.encodeWithSelector(IOperatorBonds.NoFaults.selector, id, 1));
        proof.leaf.work[2] = 5;
        expectSlashRevert(d, proof, abi.encodeWithSelector(IOperatorBonds.WorkProofInvalid.selector, id, 0));
    }

    function test_RevertWhen_TheFaultProgramPays() external {
        BondTerms memory t = terms();
        t.faultProgram = 1;
        vm.prank(governor);
        operatorBonds.setTerms(network, t);
        (Draft memory d, bytes32 id) = finaliseFaulty(4);
        uint128 pot = settlement.recordOf(id).pots[1];
        expectSlashRevert(
            d, workProof(d, 0), abi.encodeWithSelector(IOperatorBonds.ProgramPays.selector, 1, pot)
        );
    }

    function test_Slash_ByTheTermsOfTheRootsFirstEpoch() external {
        vm.warp(GENESIS + 1);
        BondTerms memory t = terms();
        t.bps = [uint16(10_000), 10_000, 10_000, 10_000];
        vm.prank(governor);
        operatorBonds.setTerms(network, t);
        post(200 ether);
        (Draft memory d,) = finaliseFaulty(4);
        assertEq(slash(d, 0), 20 ether, "by the terms of epoch 0");
    }

    function test_Slash_SparesWhatLeftBeforeTheRootsEpochs() external {
        post(200 ether);
        vm.warp(GENESIS - 1);
        exit(150 ether);
        assertEq(bondOf(0).exitEpoch, 0);
        (Draft memory d,) = finaliseFaulty(8);
        assertEq(slash(d, 0), 25 ether, "half of the 50 that stayed");
        assertEq(bondOf(0).amount, 175 ether);
        assertEq(bondOf(0).exiting, 150 ether);
    }

    function test_Slash_TakesFromWhatLeavesLater() external {
        post(200 ether);
        vm.warp(GENESIS + 1);
        exit(150 ether);
        assertEq(bondOf(0).exitEpoch, 1);
        (Draft memory d,) = finaliseFaulty(8);
        assertEq(slash(d, 0), 100 ether, "half of all that counted in epoch 0");
        assertEq(bondOf(0).exiting, 100 ether);
    }

    // ---- exit

    /// @dev Late commitments for epoch 0 are sealed in epoch 1 at the latest, and deferred twice in 3.
    uint32 internal constant THROUGH = 3;

    function clearableAt() internal pure returns (uint256) {
        return GENESIS + (uint256(THROUGH) + 1) * EPOCH + SEAL + AVAILABILITY;
    }

    function test_Exit_WaitsForTheFaultsOfItsEpochs() external {
        post(200 ether);
        vm.warp(GENESIS + EPOCH - 1);
        vm.expectEmit();
        emit IOperatorBonds.BondExitRequested(network, 0, 200 ether, uint64(block.timestamp + 3 days), 1);
        exit(200 ether);
        assertFalse(operatorBonds.isBonded(network, 0));
        (Draft memory d, bytes32 id) = acceptFaulty(4);

        vm.expectRevert(
            abi.encodeWithSelector(
                IOperatorBonds.EvidenceStillOpen.selector, clearableAt(), block.timestamp
            )
        );
        operatorBonds.clearExit(network, 0, 0);
        vm.warp(clearableAt());
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.EvidenceNotCovered.selector, 0, 0, THROUGH));
        operatorBonds.clearExit(network, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.RootNotFinal.selector, id));
        operatorBonds.clearExit(network, 0, id);

        // The operator itself makes the root final, at the last moment, and clears in the same block: the slash still finds the bond.
        vm.warp(GENESIS + 30 days);
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.ExitNotCleared.selector, deviceId));
        operatorBonds.withdraw(network, 0);
        settlement.finalise(id);
        operatorBonds.clearExit(network, 0, id);
        uint256 from = block.timestamp + RESPONSE;
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorBonds.ExitTooEarly.selector, from, block.timestamp)
        );
        operatorBonds.withdraw(network, 0);
        vm.stopPrank();
        assertEq(slash(d, 0), 20 ether);
        vm.warp(from);
        vm.prank(owner);
        assertEq(operatorBonds.withdraw(network, 0), 180 ether);
        vm.snapshotGasLastCall("bonds", "withdraw");
        assertEq(token.balanceOf(owner), 980 ether);
    }

    function test_Exit_InAnIdleNetwork_NeedsNoRoot() external {
        post(200 ether);
        vm.warp(GENESIS + 1);
        exit(150 ether);
        vm.warp(GENESIS + 3 days);
        operatorBonds.clearExit(network, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.NothingToExit.selector, address(this)));
        operatorBonds.clearExit(network, 0, 0);
        vm.warp(GENESIS + 3 days + RESPONSE);
        vm.prank(owner);
        assertEq(operatorBonds.withdraw(network, 0), 150 ether);
        assertEq(bondOf(0).amount, 50 ether);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.NothingToExit.selector, owner));
        operatorBonds.withdraw(network, 0);
    }

    function test_Exit_AskedAgain_BeginsAnew() external {
        post(200 ether);
        vm.warp(GENESIS + 1);
        exit(100 ether);
        vm.warp(GENESIS + 3 days);
        operatorBonds.clearExit(network, 0, 0);
        exit(1);
        vm.warp(GENESIS + 4 days);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.ExitNotCleared.selector, deviceId));
        operatorBonds.withdraw(network, 0);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.NothingToExit.selector, owner));
        operatorBonds.requestExit(network, 0, 100 ether);
    }

    /// @notice The furthest that a report of the epoch of an exit can get: committed late in the last second, marked unavailable twice in the last second.
    function test_Exit_WaitsForWhatIsDeferred() external {
        post(200 ether);
        vm.warp(GENESIS + 1);
        exit(200 ether);
        warpToAttestEnd(0);
        vm.warp(vm.getBlockTimestamp() - 1);
        vm.prank(ingest);
        evidence.commit(network, 0, bytes32(uint256(1)), 1, 100);
        for (uint32 slot; slot < 2; ++slot) {
            uint32 sealedIn = evidence.slotOf(network, slot).sealedIn;
            vm.warp(GENESIS + (uint256(sealedIn) + 1) * EPOCH + SEAL + AVAILABILITY - 1);
            for (uint256 v; v < 2; ++v) {
                vm.prank(verifiers[v]);
                evidence.markUnavailable(network, slot);
            }
        }
        uint32 furthest = evidence.slotOf(network, 2).sealedIn;
        assertEq(furthest, THROUGH);
        vm.warp(clearableAt() - 1);
        vm.expectRevert();
        operatorBonds.clearExit(network, 0, 0);
        vm.warp(GENESIS + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.EvidenceNotCovered.selector, 0, 1, THROUGH));
        operatorBonds.clearExit(network, 0, 0);
    }

    function test_Exit_LaterEvidence_DoesNotHoldItUp() external {
        post(200 ether);
        vm.warp(GENESIS + 1);
        exit(200 ether);
        vm.warp(GENESIS + 21 * uint256(EPOCH));
        vm.prank(ingest);
        evidence.commit(network, 20, bytes32(uint256(1)), 1, 100);
        operatorBonds.clearExit(network, 0, 0);
        vm.warp(GENESIS + 30 days);
        vm.prank(owner);
        assertEq(operatorBonds.withdraw(network, 0), 200 ether);
    }

    function test_Transfer_CarriesTheBondAndTheScore() external {
        post(200 ether);
        (Draft memory d,) = finaliseFaulty(4);
        vm.prank(owner);
        devices.transferFrom(owner, stranger, deviceId);
        slash(d, 0);
        assertTrue(operatorBonds.isBonded(network, 0));
        vm.prank(owner);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorBonds.NotDeviceOwner.selector, deviceId, owner, stranger)
        );
        operatorBonds.requestExit(network, 0, 1);
        vm.prank(stranger);
        operatorBonds.requestExit(network, 0, 180 ether);
        assertEq(bondOf(0).score, 4);
    }
}
