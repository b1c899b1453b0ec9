// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    IChallenges,
    PayoutDescent,
    PayoutProof,
    VerdictProof,
    WorkDescent,
    WorkProof
} from "../src/interfaces/IChallenges.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {PayoutNode, Tops, VerdictEntry, WorkLeaf, WorkNode} from "../src/types/Root.sol";
import {SettlementWorld} from "./SettlementWorld.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

contract ChallengesTest is SettlementWorld {
    PayoutProof internal none;

    function ready() internal returns (Draft memory) {
        sealEvidence();
        warpToAttesting(0);
        return honestDraft();
    }

    function wrongPayout(Draft memory d, uint256 index, PayoutProof memory parentPayout)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodeCall(
            IChallenges.proveWrongPayout,
            (network, d.root, d.parent, payoutProof(d, index), parentPayout, workProof(d, index), "salt")
        );
    }

    function badPayoutSum(Draft memory d, uint32 position, uint256 levels)
        internal
        view
        returns (bytes memory)
    {
        PayoutDescent memory descent = PayoutDescent(position, new PayoutNode[2][](levels));
        for (uint256 k; k < levels; ++k) {
            uint256 h = d.payoutLevels.length - 2 - k;
            descent.pairs[k][0] = payoutNode(d.payoutLevels[h][(position >> h) & ~uint256(1)]);
            descent.pairs[k][1] = payoutNode(d.payoutLevels[h][position >> h | 1]);
        }
        return abi.encodeCall(IChallenges.proveBadPayoutSum, (network, d.root, descent, "salt"));
    }

    function workDescent(bytes[][] memory tree, uint32 position, uint256 levels)
        internal
        pure
        returns (WorkDescent memory descent)
    {
        descent = WorkDescent(position, new WorkNode[2][](levels));
        for (uint256 k; k < levels; ++k) {
            uint256 h = tree.length - 2 - k;
            descent.pairs[k][0] = workNode(tree[h][(position >> h) & ~uint256(1)]);
            descent.pairs[k][1] = workNode(tree[h][position >> h | 1]);
        }
    }

    function badWorkSum(Draft memory d, uint32 position, uint256 levels)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodeCall(
            IChallenges.proveBadWorkSum,
            (network, d.root, workDescent(d.workLevels, position, levels), "salt")
        );
    }

    function badVerdictSum(Draft memory d, uint32 position, uint256 levels)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodeCall(
            IChallenges.proveBadVerdictSum,
            (network, d.root, workProof(d, 0), workDescent(d.verdictLevels[0], position, levels), "salt")
        );
    }

    function disorder(Draft memory d, uint32 a, uint32 b) internal view returns (bytes memory) {
        return abi.encodeCall(
            IChallenges.proveDisorder,
            (network, d.root, workProof(d, 0), verdictProof(d, 0, a), verdictProof(d, 0, b), "salt")
        );
    }

    function expectWon(bytes32 id, bytes memory call, uint8 kind) internal {
        announce(address(challenges), watcher, call);
        vm.expectEmit();
        emit IChallenges.ChallengeWon(network, id, kind, watcher);
        vm.expectEmit();
        emit ISettlement.RootRemoved(network, id, kind, watcher);
        submit(address(challenges), watcher, call);
        assertEq(settlement.head(network), 0);
        assertEq(settlement.recordOf(id).winnerOpenedAt, block.timestamp);
    }

    function expectFault(bytes memory call, bytes memory fault) internal {
        expectChallengeRevert(address(challenges), watcher, call, fault);
    }

    function proofInvalid(string memory part) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IChallenges.ProofInvalid.selector, part);
    }

    function nothingWrong(uint8 kind) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IChallenges.NothingWrong.selector, kind);
    }

    // ---- kind 1

    function test_RevertWhen_ThePayoutIsRight() external {
        Draft memory d = ready();
        accept(d);
        for (uint256 i; i < DEVICES; ++i) {
            expectFault(wrongPayout(d, i, none), nothingWrong(1));
        }
    }

    function test_WrongPayout_OneWeiTooMuch() external {
        Draft memory d = ready();
        d.cumulative[1] += 1;
        d.cumulative[0] -= 1;
        close(d);
        expectWon(accept(d), wrongPayout(d, 1, none), 1);
    }

    function test_WrongPayout_OneWeiTooLittle() external {
        Draft memory d = ready();
        d.cumulative[1] += 1;
        d.cumulative[0] -= 1;
        close(d);
        bytes32 id = accept(d);
        expectFault(wrongPayout(d, 2, none), nothingWrong(1));
        expectWon(id, wrongPayout(d, 0, none), 1);
    }

    function test_WrongPayout_AgainstTheParent() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(1);
        Draft memory d = idleChild(p, 1);
        d.cumulative[0] += 1;
        d.cumulative[1] -= 1;
        close(d);
        bytes32 id = accept(d);
        expectFault(wrongPayout(d, 2, payoutProof(p, 2)), nothingWrong(1));
        expectFault(wrongPayout(d, 1, none), proofInvalid("parentPayout"));
        Draft memory other = copyOf(d);
        other.parent.last = 7;
        bytes memory call = wrongPayout(other, 1, payoutProof(p, 1));
        announce(address(challenges), watcher, call);
        vm.expectPartialRevert(IChallenges.RootMismatch.selector);
        submit(address(challenges), watcher, call);
        challenge(address(challenges), watcher, wrongPayout(d, 1, payoutProof(p, 1)));
        assertTrue(settlement.isRemoved(id));
        assertEq(settlement.head(network), idOf(p), "the parent stands");
    }

    /// @dev A device that the parent did not have starts from zero, whatever the challenger says about the parent.
    function test_WrongPayout_OfANewDevice() external {
        (Draft memory p,) = acceptHonest();
        vm.mockCall(
            address(devices), abi.encodeWithSelector(devices.isDeviceCountAt.selector), abi.encode(true)
        );
        warpToAttesting(1);
        Draft memory d = idleChild(p, 1);
        (d.work, d.cumulative, d.verdicts) = (new WorkLeaf[](5), new uint128[](5), new VerdictEntry[][](5));
        for (uint32 i; i < 5; ++i) {
            d.work[i].index = i;
            d.cumulative[i] = i < 4 ? p.cumulative[i] : 0;
        }
        d.root.deviceCount = 5;
        close(d);
        Draft memory honest = copyOf(d);
        d.cumulative[4] = 1;
        d.cumulative[0] -= 1;
        close(d);
        bytes32 id = accept(d);
        challenge(address(challenges), watcher, wrongPayout(d, 4, payoutProof(p, 0)));
        assertTrue(settlement.isRemoved(id));
        warpToAttesting(2);
        honest.root.last = 2;
        accept(honest);
        expectFault(wrongPayout(honest, 4, none), nothingWrong(1));
    }

    function test_RevertWhen_ProofsOfKind1AreInvalid() external {
        Draft memory d = ready();
        accept(d);
        Draft memory s = copyOf(d);
        s.cumulative[1] += 1;
        expectFault(wrongPayout(s, 1, none), proofInvalid("payout"));
        s = copyOf(d);
        s.work[1].work[0] += 1;
        expectFault(wrongPayout(s, 1, none), proofInvalid("work"));
        // The work of one device says nothing about the payout of another.
        s = copyOf(d);
        s.work[1].index = 2;
        expectFault(wrongPayout(s, 1, none), proofInvalid("work"));
        PayoutProof memory long = payoutProof(d, 1);
        long.siblings = abi.encodePacked(long.siblings, new bytes(48));
        expectFault(
            abi.encodeCall(
                IChallenges.proveWrongPayout, (network, d.root, d.parent, long, none, workProof(d, 1), "salt")
            ),
            proofInvalid("payout")
        );
    }

    /// @dev Invariants 2 and 3 of spec 6 for kind 1: whatever work was done, exactly the leaves that are off by something can be proven.
    function testFuzz_WrongPayout(uint96[4] memory first, uint96[4] memory second, uint8 at, uint128 by)
        external
    {
        Draft memory d = ready();
        for (uint256 i; i < DEVICES; ++i) {
            (d.work[i].work[0], d.work[i].work[1]) = (first[i], second[i]);
            d.cumulative[i] = 0;
        }
        payOut(d);
        uint256 device = at % DEVICES;
        by = uint128(bound(by, 0, d.cumulative[device]));
        d.cumulative[device] -= by;
        close(d);
        bytes32 id = accept(d);
        expectFault(wrongPayout(d, (device + 1) % DEVICES, none), nothingWrong(1));
        if (by == 0) expectFault(wrongPayout(d, device, none), nothingWrong(1));
        else expectWon(id, wrongPayout(d, device, none), 1);
    }

    // ---- kind 3

    function test_RevertWhen_TheSumsAddUp() external {
        Draft memory d = ready();
        accept(d);
        for (uint32 i; i < DEVICES; ++i) {
            for (uint256 levels = 1; levels <= 2; ++levels) {
                expectFault(badPayoutSum(d, i, levels), nothingWrong(3));
                expectFault(badWorkSum(d, i, levels), nothingWrong(3));
                expectFault(badVerdictSum(d, i, levels), nothingWrong(3));
            }
        }
        expectFault(badPayoutSum(d, 0, 0), proofInvalid("levels"));
        expectFault(badWorkSum(d, 0, 0), proofInvalid("levels"));
        expectFault(badVerdictSum(d, 0, 0), proofInvalid("levels"));
        Draft memory s = copyOf(d);
        s.payoutLevels[0][0][0] ^= 0x01;
        expectFault(badPayoutSum(s, 0, 2), proofInvalid("pair"));
        s.workLevels[0][0][95] ^= 0x01;
        expectFault(badWorkSum(s, 0, 2), proofInvalid("pair"));
    }

    function test_BadPayoutSum() external {
        Draft memory d = ready();
        d.payoutTamper = TreeBuilder.Tamper(true, 1, 1, d.payoutLevels[1][1]);
        d.payoutTamper.node[47] ^= 0x01;
        close(d);
        bytes32 id = accept(d);
        expectFault(badPayoutSum(d, 0, 2), nothingWrong(3));
        expectFault(badPayoutSum(d, 3, 1), nothingWrong(3));
        expectWon(id, badPayoutSum(d, 3, 2), 3);
    }

    function test_BadWorkSum() external {
        Draft memory d = ready();
        d.workTamper = TreeBuilder.Tamper(true, 1, 0, d.workLevels[1][0]);
        d.workTamper.node[63] ^= 0x04; // the second program
        close(d);
        bytes32 id = accept(d);
        expectFault(badWorkSum(d, 3, 2), nothingWrong(3));
        expectWon(id, badWorkSum(d, 1, 2), 3);
    }

    /// @dev Two nodes whose sums overflow u128 to the node's: a contract that added in 128 bits would revert, and the fault would be beyond proof.
    function test_BadWorkSum_ThatOverflows() external {
        Draft memory d = ready();
        d.workTamper = TreeBuilder.Tamper(true, 0, 0, d.workLevels[0][0]);
        for (uint256 i = 32; i < 48; ++i) {
            d.workTamper.node[i] = 0xff;
        }
        close(d);
        expectWon(accept(d), badWorkSum(d, 0, 2), 3);
    }

    function test_BadVerdictSum() external {
        Draft memory d = ready();
        d.verdictTamper = TreeBuilder.Tamper(true, 1, 1, d.verdictLevels[0][1][1]);
        d.verdictTamper.node[47] ^= 0x01;
        d.work[0].work[0] = uint96(TreeBuilder.sumAt(d.verdictLevels[0][1][0], 0)) + 31;
        close(d);
        bytes32 id = accept(d);
        expectFault(badVerdictSum(d, 0, 2), nothingWrong(3));
        expectWon(id, badVerdictSum(d, 2, 2), 3);
    }

    /// @dev The work leaf claims more than its verdicts have: the level above the verdict tree's top.
    function test_BadVerdictSum_UnderTheWorkLeaf() external {
        Draft memory d = ready();
        d.work[0].work[0] += 1;
        close(d);
        expectWon(accept(d), badVerdictSum(d, 0, 1), 3);
    }

    function test_Disorder() external {
        Draft memory d = ready();
        VerdictEntry memory first = d.verdicts[0][1];
        d.verdicts[0][1] = d.verdicts[0][2];
        d.verdicts[0][2] = first;
        close(d);
        bytes32 id = accept(d);
        expectFault(disorder(d, 0, 1), nothingWrong(3));
        expectWon(id, disorder(d, 1, 2), 3);
    }

    function test_Disorder_TheSameEntryTwice() external {
        Draft memory d = ready();
        d.verdicts[0][3] = d.verdicts[0][2];
        d.work[0] = sumWork(0, d.verdicts[0]);
        close(d);
        expectWon(accept(d), disorder(d, 2, 3), 3);
    }

    function test_RevertWhen_DisorderIsInvalid() external {
        Draft memory d = ready();
        accept(d);
        for (uint32 i; i < 3; ++i) {
            expectFault(disorder(d, i, i + 1), nothingWrong(3));
        }
        expectFault(disorder(d, 1, 0), proofInvalid("neighbours"));
        expectFault(disorder(d, 0, 2), proofInvalid("neighbours"));
        Draft memory s = copyOf(d);
        s.verdicts[0][0].reason = 7;
        expectFault(disorder(s, 0, 1), proofInvalid("a"));
        s = copyOf(d);
        s.verdicts[0][1].reason = 7;
        expectFault(disorder(s, 0, 1), proofInvalid("b"));
        s.work[0].verdictCount = 9;
        expectFault(disorder(s, 0, 1), proofInvalid("work"));
    }

    // ---- when

    function test_RevertWhen_TheRootIsNotChallengeable() external {
        Draft memory d = ready();
        d.cumulative[0] -= 1;
        close(d);
        bytes memory fault = abi.encodeWithSelector(IChallenges.NotChallengeable.selector, idOf(d));
        expectFault(wrongPayout(d, 0, none), fault); // unknown
        Tops memory tops = topsOf(d);
        vm.prank(verifiers[0]);
        settlement.attest(network, d.root, tops, 0);
        expectFault(wrongPayout(d, 0, none), fault); // attesting
        vm.prank(verifiers[1]);
        settlement.attest(network, d.root, tops, 0);
        vm.warp(block.timestamp + CHALLENGE);
        settlement.finalise(idOf(d));
        expectFault(wrongPayout(d, 0, none), fault); // final
    }

    /// @dev One that everybody forgot to finalise is still false.
    function test_AfterTheWindow_WhileNotFinal() external {
        Draft memory d = ready();
        d.cumulative[0] -= 1;
        close(d);
        bytes32 id = accept(d);
        vm.warp(block.timestamp + 2 * CHALLENGE);
        expectWon(id, wrongPayout(d, 0, none), 1);
    }

    function test_WhoAnnouncedFirstWins() external {
        Draft memory d = ready();
        d.cumulative[0] -= 1;
        close(d);
        bytes32 id = accept(d);
        bytes memory call = wrongPayout(d, 0, none);
        announce(address(challenges), watcher, call);
        vm.warp(block.timestamp + 12);
        challenge(address(challenges), stranger, call);
        assertEq(settlement.recordOf(id).winner, stranger);
        submit(address(challenges), watcher, call);
        assertEq(settlement.recordOf(id).winner, watcher);
        assertEq(settlement.recordOf(id).winnerOpenedAt, block.timestamp - 12);
    }
}
