// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICommitReveal} from "../src/interfaces/ICommitReveal.sol";
import {GroupCommit, IIngestChallenges} from "../src/interfaces/IIngestChallenges.sol";
import {Role} from "../src/interfaces/IStake.sol";
import {SettlementWorld} from "./SettlementWorld.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

contract IngestChallengesTest is SettlementWorld {
    bytes32 internal constant OMITTED = keccak256("omitted");
    bytes32[] internal hashes; // what the ingest acknowledged: reports 10 … 14 of its log

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < 5; ++i) {
            hashes.push(i == 2 ? OMITTED : keccak256(abi.encode("report", i)));
        }
    }

    function batch() internal view returns (bytes[][] memory) {
        return treeOf(hashes);
    }

    function treeOf(bytes32[] memory words) internal pure returns (bytes[][] memory) {
        bytes[] memory leaves = new bytes[](words.length);
        for (uint256 i; i < words.length; ++i) {
            leaves[i] = TreeBuilder.plainLeaf(TreeBuilder.EVIDENCE, abi.encodePacked(words[i]));
        }
        return TreeBuilder.build(TreeBuilder.EVIDENCE, leaves);
    }

    function group() internal view returns (GroupCommit memory) {
        return GroupCommit(network, 0, 10, 5, TreeBuilder.hashOf(TreeBuilder.top(batch())));
    }

    function signed(GroupCommit memory g, uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, ingestChallenges.groupCommitDigest(g));
        return abi.encodePacked(r, s, v);
    }

    function omission(uint32 index, bytes32 standing, bytes32[] memory path)
        internal
        view
        returns (bytes memory)
    {
        GroupCommit memory g = group();
        return abi.encodeCall(
            IIngestChallenges.proveOmission,
            (g, signed(g, INGEST_KEY), OMITTED, index, TreeBuilder.path(batch(), 2), standing, path, "salt")
        );
    }

    /// @dev The ingest seals `count` reports; the log's own 10 … 14 are the acknowledged ones, but for what `at12` says.
    function sealLog(uint32 count, bytes memory at12) internal returns (bytes[][] memory levels) {
        bytes[] memory leaves = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            bytes32 word = i >= 10 && i < 15 ? hashes[i - 10] : keccak256(abi.encode("other", i));
            leaves[i] = TreeBuilder.plainLeaf(TreeBuilder.EVIDENCE, abi.encodePacked(word));
            if (i == 12 && at12.length != 0) leaves[i] = at12;
        }
        levels = TreeBuilder.build(TreeBuilder.EVIDENCE, leaves);
        warpToSealing(0);
        vm.prank(ingest);
        evidence.commit(network, 0, TreeBuilder.hashOf(TreeBuilder.top(levels)), count, 1000);
        warpToAvailability(0);
    }

    function expectSlashed(bytes memory call, uint8 kind) internal {
        announce(address(ingestChallenges), watcher, call);
        uint256 before = token.balanceOf(watcher);
        vm.expectEmit();
        emit IIngestChallenges.IngestFaultProven(network, 0, ingest, kind, watcher);
        submit(address(ingestChallenges), watcher, call);
        assertEq(stake.slashableOf(network, Role.Ingest, ingest), 0);
        assertEq(token.balanceOf(watcher) - before, uint256(100 ether) / 3);
    }

    function expectFault(bytes memory call, bytes memory fault) internal {
        expectChallengeRevert(address(ingestChallenges), watcher, call, fault);
    }

    function test_Digest_IsEip712() external view {
        GroupCommit memory g = group();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Cairn"),
                keccak256("1"),
                block.chainid,
                address(ingestChallenges)
            )
        );
        bytes32 content = keccak256(
            abi.encode(
                keccak256(
                    "GroupCommit(bytes28 network,uint32 epoch,uint32 first,uint32 count,bytes32 batchRoot)"
                ),
                g.network,
                g.epoch,
                g.first,
                g.count,
                g.batchRoot
            )
        );
        assertEq(
            ingestChallenges.groupCommitDigest(g), keccak256(abi.encodePacked(hex"1901", domain, content))
        );
    }

    function test_Omission_WhenAnotherReportStandsThere() external {
        bytes[][] memory levels =
            sealLog(20, TreeBuilder.plainLeaf(TreeBuilder.EVIDENCE, abi.encodePacked("x")));
        expectSlashed(omission(12, bytes32(levels[0][12]), TreeBuilder.path(levels, 12)), 7);
    }

    /// @dev No report hash makes these: the ingest filled the place with the empty leaf, or with a word of its own.
    function test_Omission_WhenNoReportStandsThere() external {
        bytes[][] memory levels = sealLog(20, TreeBuilder.emptyNode(TreeBuilder.EVIDENCE));
        expectSlashed(omission(12, bytes32(levels[0][12]), TreeBuilder.path(levels, 12)), 7);
    }

    function test_Omission_WhenTheLogIsTooShort() external {
        sealLog(12, "");
        bytes32[] memory none;
        expectSlashed(omission(12, 0, none), 7);
    }

    function test_Omission_WhenNothingWasCommitted() external {
        warpToAttestEnd(0);
        bytes32[] memory none;
        expectSlashed(omission(12, 0, none), 7);
    }

    function test_Omission_OfALateCommitment() external {
        bytes[] memory leaves = new bytes[](5);
        for (uint256 i; i < 5; ++i) {
            leaves[i] = TreeBuilder.plainLeaf(TreeBuilder.EVIDENCE, abi.encodePacked(OMITTED));
        }
        bytes[][] memory levels = TreeBuilder.build(TreeBuilder.EVIDENCE, leaves);
        warpToAvailability(0);
        vm.prank(ingest);
        evidence.commit(network, 0, TreeBuilder.hashOf(TreeBuilder.top(levels)), 5, 1000);
        deposit(Role.Ingest, ingest, 10 ether); // what that cost
        // Index 12 is past its end: a late commitment has to hold what an early one has to.
        bytes32[] memory none;
        expectSlashed(omission(12, 0, none), 7);
    }

    function test_Omission_OfADeferredCommitment() external {
        bytes[][] memory levels = sealLog(20, "");
        for (uint256 i; i < 2; ++i) {
            vm.prank(verifiers[i]);
            evidence.markUnavailable(network, 0);
        }
        expectFault(
            omission(12, bytes32(levels[0][12]), TreeBuilder.path(levels, 12)),
            abi.encodeWithSelector(IIngestChallenges.ReceiptHonoured.selector, 0, 12)
        );
    }

    function test_RevertWhen_TheReceiptIsHonoured() external {
        bytes[][] memory levels = sealLog(20, "");
        expectFault(
            omission(12, bytes32(levels[0][12]), TreeBuilder.path(levels, 12)),
            abi.encodeWithSelector(IIngestChallenges.ReceiptHonoured.selector, 0, 12)
        );
    }

    function test_RevertWhen_StandingPathIsInvalid() external {
        bytes[][] memory levels = sealLog(20, "");
        bytes memory fault = abi.encodeWithSelector(IIngestChallenges.StandingPathInvalid.selector);
        expectFault(omission(12, bytes32("other"), TreeBuilder.path(levels, 12)), fault);
        // An inner node is no leaf: the path has to be as long as the tree is deep.
        bytes32[] memory full = TreeBuilder.path(levels, 12);
        bytes32[] memory short = new bytes32[](full.length - 1);
        for (uint256 i; i < short.length; ++i) {
            short[i] = full[i + 1];
        }
        expectFault(omission(12, bytes32(levels[1][6]), short), fault);
    }

    function test_RevertWhen_ReceiptPathIsInvalid() external {
        warpToAttestEnd(0);
        bytes32[] memory none;
        bytes memory fault = abi.encodeWithSelector(IIngestChallenges.ReceiptPathInvalid.selector);
        expectFault(omission(11, 0, none), fault);
        expectFault(omission(9, 0, none), fault);
        expectFault(omission(15, 0, none), fault);
    }

    function test_RevertWhen_ACommitmentCanStillBeMade() external {
        warpToAttestEnd(0);
        uint256 endsAt = block.timestamp;
        vm.warp(endsAt - 1);
        bytes32[] memory none;
        expectFault(
            omission(12, 0, none),
            abi.encodeWithSelector(IIngestChallenges.CommitmentNotDue.selector, 0, endsAt)
        );
    }

    function test_RevertWhen_SignatureIsMalformed() external {
        warpToAttestEnd(0);
        GroupCommit memory g = group();
        bytes memory good = signed(g, INGEST_KEY);
        bytes32[] memory none;
        bytes[] memory bad = new bytes[](3);
        bad[0] = abi.encodePacked(good, hex"00");
        bad[1] = new bytes(65);
        bad[2] = highS(good);
        for (uint256 i; i < bad.length; ++i) {
            expectFault(
                abi.encodeCall(
                    IIngestChallenges.proveOmission,
                    (g, bad[i], OMITTED, 12, TreeBuilder.path(batch(), 2), 0, none, "salt")
                ),
                abi.encodeWithSelector(IIngestChallenges.SignatureMalformed.selector)
            );
        }
    }

    function test_RevertWhen_SignerHasNothingAtStake() external {
        warpToAttestEnd(0);
        GroupCommit memory g = group();
        bytes32[] memory none;
        expectFault(
            abi.encodeCall(
                IIngestChallenges.proveOmission,
                (g, signed(g, 0xdead), OMITTED, 12, TreeBuilder.path(batch(), 2), 0, none, "salt")
            ),
            abi.encodeWithSelector(IIngestChallenges.NothingAtStake.selector, vm.addr(0xdead))
        );
    }

    function test_RevertWhen_ProvenBefore() external {
        warpToAttestEnd(0);
        bytes32[] memory none;
        expectSlashed(omission(12, 0, none), 7);
        deposit(Role.Ingest, ingest, 100 ether);
        GroupCommit memory g = group();
        bytes memory again = abi.encodeCall(
            IIngestChallenges.proveOmission,
            (g, signed(g, INGEST_KEY), OMITTED, 12, TreeBuilder.path(batch(), 2), 0, none, "other salt")
        );
        expectFault(again, abi.encodeWithSelector(IIngestChallenges.AlreadyProven.selector, 0, ingest));
    }

    function equivocation(GroupCommit memory a, GroupCommit memory b, uint256 keyB)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodeCall(
            IIngestChallenges.proveEquivocation, (a, signed(a, INGEST_KEY), b, signed(b, keyB), "salt")
        );
    }

    function test_Equivocation() external {
        GroupCommit memory b = group();
        b.first = 14;
        expectSlashed(equivocation(group(), b, INGEST_KEY), 8);
    }

    function test_RevertWhen_CommitsDoNotConflict() external {
        bytes memory fault = abi.encodeWithSelector(IIngestChallenges.CommitsDoNotConflict.selector);
        GroupCommit memory b = group();
        expectFault(equivocation(group(), b, INGEST_KEY), fault);
        b.first = 15;
        expectFault(equivocation(group(), b, INGEST_KEY), fault);
        b.first = 5;
        expectFault(equivocation(group(), b, INGEST_KEY), fault);
        b = group();
        b.epoch = 1;
        expectFault(equivocation(group(), b, INGEST_KEY), fault);
        b = group();
        b.count = 0;
        b.first = 12;
        expectFault(equivocation(group(), b, INGEST_KEY), fault);
    }

    function test_RevertWhen_SignersDiffer() external {
        GroupCommit memory b = group();
        b.batchRoot = "other";
        expectFault(
            equivocation(group(), b, OTHER_INGEST_KEY),
            abi.encodeWithSelector(IIngestChallenges.SignersDiffer.selector, ingest, otherIngest)
        );
    }

    /// @dev Ranges overlap exactly when an index is in both.
    function testFuzz_Equivocation(uint32 firstA, uint16 countA, uint32 firstB, uint16 countB) external {
        GroupCommit memory a = GroupCommit(network, 0, firstA, countA, "a");
        GroupCommit memory b = GroupCommit(network, 0, firstB, countB, "b");
        uint256 from = firstA > firstB ? firstA : firstB;
        uint256 endA = uint256(firstA) + countA;
        uint256 endB = uint256(firstB) + countB;
        bytes memory call = equivocation(a, b, INGEST_KEY);
        if (from < (endA < endB ? endA : endB)) expectSlashed(call, 8);
        else expectFault(call, abi.encodeWithSelector(IIngestChallenges.CommitsDoNotConflict.selector));
    }

    // ---- announcing

    function test_RevertWhen_NotAnnouncedOrTooEarlyOrUsed() external {
        GroupCommit memory b = group();
        b.batchRoot = "other";
        bytes memory call = equivocation(group(), b, INGEST_KEY);
        bytes32 commitment = keccak256(abi.encode(watcher, keccak256(call)));
        vm.expectRevert(abi.encodeWithSelector(ICommitReveal.NotCommitted.selector, commitment));
        submit(address(ingestChallenges), watcher, call);
        vm.expectEmit();
        emit ICommitReveal.ChallengeCommitted(commitment);
        ingestChallenges.commit(commitment);
        assertEq(ingestChallenges.committedAt(commitment), block.number + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICommitReveal.RevealTooEarly.selector, commitment, block.number)
        );
        submit(address(ingestChallenges), watcher, call);
        vm.roll(block.number + 1);
        ingestChallenges.commit(commitment);
        assertEq(ingestChallenges.committedAt(commitment), block.number, "announcing again changes nothing");
        // Who saw the call can not make it its own.
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommitReveal.NotCommitted.selector, keccak256(abi.encode(stranger, keccak256(call)))
            )
        );
        submit(address(ingestChallenges), stranger, call);
        submit(address(ingestChallenges), watcher, call);
        ingestChallenges.commit(commitment);
        vm.expectRevert(abi.encodeWithSelector(ICommitReveal.NotCommitted.selector, commitment));
        submit(address(ingestChallenges), watcher, call);
    }

    function highS(bytes memory signature) private pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        uint8 v = uint8(signature[64]);
        return abi.encodePacked(r, order - uint256(s), v == 27 ? uint8(28) : uint8(27));
    }
}
