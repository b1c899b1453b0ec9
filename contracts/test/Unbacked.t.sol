// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Backing, DisputeState, IDisputes} from "../src/interfaces/IDisputes.sol";
import {Role} from "../src/interfaces/IStake.sol";
import {Root, VerdictEntry} from "../src/types/Root.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {SettlementWorld} from "./SettlementWorld.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @notice Kind 4. Branches: Disputes.open.tree, Disputes.answer.tree.
contract UnbackedTest is SettlementWorld {
    address internal answerer = makeAddr("answerer");

    function ready() internal returns (Draft memory) {
        sealEvidence();
        warpToAttesting(0);
        return honestDraft();
    }

    function openCall(Draft memory d, uint256 device, uint32 position, bytes32 salt)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodeCall(
            IDisputes.openUnbacked,
            (network, d.root, workProof(d, device), verdictProof(d, device, position), salt)
        );
    }

    function open(Draft memory d, uint256 device, uint32 position) internal returns (uint256) {
        return
            abi.decode(
                challenge(address(disputes), watcher, openCall(d, device, position, "salt")), (uint256)
            );
    }

    function answer(uint256 id, Draft memory d, VerdictEntry memory entry, Backing memory backing) internal {
        vm.prank(answerer);
        disputes.showBacking(id, d.root, d.parent, entry, backing);
    }

    function expectInvalid(
        uint256 id,
        Draft memory d,
        VerdictEntry memory e,
        Backing memory b,
        string memory part
    ) internal {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AnswerInvalid.selector, part));
        answer(id, d, e, b);
    }

    function copyOf(Backing memory b) internal pure returns (Backing memory) {
        return abi.decode(abi.encode(b), (Backing));
    }

    /// @dev Every entry with work of the honest root has a backing.
    function test_ATrueEntryIsBacked() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        for (uint32 device; device < 2; ++device) {
            for (uint32 k; k < d.verdicts[device].length; ++k) {
                VerdictEntry memory entry = d.verdicts[device][k];
                if (entry.work[0] == 0) continue;
                uint256 id = open(d, device, k);
                answer(id, d, entry, backingOf(reports[entry.index], device, entry.index, entry.observation));
                assertEq(uint8(disputes.disputeOf(id).state), uint8(DisputeState.Lost));
                bytes32 subject = keccak256(abi.encode(rootId, device, entry));
                expectChallengeRevert(
                    address(disputes),
                    watcher,
                    openCall(d, device, k, "again"),
                    abi.encodeWithSelector(IDisputes.AlreadyBacked.selector, subject)
                );
            }
        }
        assertEq(token.balanceOf(answerer), 4 * 5 ether);
    }

    function test_RevertWhen_TheClaimIsInvalid() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        bytes4 fault = IDisputes.ClaimInvalid.selector;
        expectChallengeRevert(
            address(disputes),
            watcher,
            openCall(d, 0, 3, "salt"),
            abi.encodeWithSelector(fault, "entry without work")
        );
        Draft memory s = SettlementWorld.copyOf(d);
        s.verdicts[0][0].work[0] += 1;
        expectChallengeRevert(
            address(disputes), watcher, openCall(s, 0, 0, "salt"), abi.encodeWithSelector(fault, "verdict")
        );
        s.work[0].work[0] += 1;
        expectChallengeRevert(
            address(disputes), watcher, openCall(s, 0, 0, "salt"), abi.encodeWithSelector(fault, "work")
        );
        open(d, 0, 0);
        bytes32 subject = keccak256(abi.encode(rootId, uint32(0), d.verdicts[0][0]));
        expectChallengeRevert(
            address(disputes),
            watcher,
            openCall(d, 0, 0, "twice"),
            abi.encodeWithSelector(IDisputes.AlreadyDisputed.selector, subject)
        );
    }

    function test_RevertWhen_TheAnswerIsInvalid() external {
        (Draft memory d,) = acceptHonest();
        VerdictEntry memory e = d.verdicts[0][2]; // slot 0, index 2, observation 0
        uint256 id = open(d, 0, 2);
        Backing memory good = backingOf(reports[2], 0, 2, 0);
        Backing memory b;

        Draft memory s = SettlementWorld.copyOf(d);
        s.root.carryHash = "other";
        expectInvalid(id, s, e, good, "root");
        expectInvalid(id, d, d.verdicts[0][1], good, "entry");
        // Another report of the device, rightly signed, that stands elsewhere.
        b = copyOf(good);
        b.header = reports[0].header;
        b.signature = reports[0].signature;
        expectInvalid(id, d, e, b, "evidencePath");
        // Another device's report at its own place.
        expectInvalid(id, d, e, backingOf(reports[1], 1, 1, 0), "header");
        for (uint256 i; i < 4; ++i) {
            b = copyOf(good);
            uint256 at = [uint256(0), 5, 31, 36][i]; // version, network, device, epoch
            b.header[at] ^= 0x01;
            expectInvalid(id, d, e, b, "header");
        }
        b = copyOf(good);
        b.header = abi.encodePacked(b.header, bytes1(0));
        expectInvalid(id, d, e, b, "header");
        b = copyOf(good);
        b.header[40] ^= 0x01; // sequence: another hash
        expectInvalid(id, d, e, b, "evidencePath");
        b = copyOf(good);
        b.key = keyOf(1);
        expectInvalid(id, d, e, b, "key");
        // Another signature than the one committed, be it a true one.
        b = copyOf(good);
        b.signature.s = bytes32(P256_ORDER - uint256(b.signature.s));
        expectInvalid(id, d, e, b, "evidencePath");
        b = copyOf(good);
        b.observation = "other";
        expectInvalid(id, d, e, b, "bodyPath");
        b = copyOf(good);
        b.observation = new bytes(1025);
        expectInvalid(id, d, e, b, "observation");
        b = copyOf(good);
        b.bodyPath = new bytes32[](0);
        expectInvalid(id, d, e, b, "bodyPath");
        answer(id, d, e, good);
    }

    function expectRemoved(uint256 id, Draft memory d) internal {
        vm.warp(disputes.disputeOf(id).dueAt + 1);
        disputes.timeout(id);
        assertTrue(settlement.isRemoved(idOf(d)));
        assertEq(settlement.recordOf(idOf(d)).winner, watcher);
    }

    /// @dev Work for an observation that the report does not have.
    function test_AnObservationBeyondTheReport() external {
        Draft memory d = ready();
        d.verdicts[1][0].observation = 1;
        close(d);
        accept(d);
        uint256 id = open(d, 1, 0);
        expectInvalid(id, d, d.verdicts[1][0], backingOf(reports[1], 1, 1, 0), "bodyPath");
        expectRemoved(id, d);
    }

    function test_AnotherDevicesReport() external {
        Draft memory d = ready();
        d.verdicts[1][0].index = 3; // device 2's
        close(d);
        accept(d);
        uint256 id = open(d, 1, 0);
        expectInvalid(id, d, d.verdicts[1][0], backingOf(reports[3], 2, 3, 0), "header");
        expectRemoved(id, d);
    }

    function test_ASlotThatIsNotIncluded() external {
        Draft memory d = ready();
        d.verdicts[1][0].slot = 1;
        close(d);
        accept(d);
        uint256 id = open(d, 1, 0);
        expectInvalid(id, d, d.verdicts[1][0], backingOf(reports[1], 1, 1, 0), "slot");
        expectRemoved(id, d);
    }

    /// @dev A slot of the parent does not back work of the child a second time.
    function test_ASlotOfTheParent() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(1);
        Draft memory d = idleChild(p, 1);
        d.verdicts[1] = new VerdictEntry[](1);
        d.verdicts[1][0] = p.verdicts[1][0];
        d.work[1] = sumWork(1, d.verdicts[1]);
        close(d);
        accept(d);
        uint256 id = open(d, 1, 0);
        Backing memory b = backingOf(reports[1], 1, 1, 0);
        Draft memory s = SettlementWorld.copyOf(d);
        s.parent.evidenceEnd = 0;
        expectInvalid(id, s, d.verdicts[1][0], b, "parent");
        expectInvalid(id, d, d.verdicts[1][0], b, "slot");
        expectRemoved(id, d);
        assertEq(settlement.head(network), idOf(p));
    }

    /// @dev A header of more observations than a report may have is no report, though the evidence holds it and the device signed it.
    function test_AReportThatDoesNotParse() external {
        Report memory r = makeReport(0, 0, 1, 2);
        r.header[49] = 0x04;
        r.header[50] = 0x01; // 1025
        resign(r, 0);
        Draft memory d = oneReport(r);
        uint256 id = open(d, 0, 0);
        expectInvalid(id, d, d.verdicts[0][0], backingOf(r, 0, 0, 0), "header");
        expectRemoved(id, d);
    }

    /// @dev A time that no header may have: 2^53 ms.
    function test_AReportFromBeyondTime() external {
        Report memory r = makeReport(0, 0, 1, 2);
        r.header[42] = 0x20;
        resign(r, 0);
        Draft memory d = oneReport(r);
        uint256 id = open(d, 0, 0);
        expectInvalid(id, d, d.verdicts[0][0], backingOf(r, 0, 0, 0), "header");
        expectRemoved(id, d);
    }

    /// @dev The evidence holds it with a signature of another device, or with the high s.
    function test_AReportWithAFalseSignature() external {
        Report memory r = makeReport(0, 0, 1, 2);
        resign(r, 1);
        Draft memory d = oneReport(r);
        uint256 id = open(d, 0, 0);
        expectInvalid(id, d, d.verdicts[0][0], backingOf(r, 0, 0, 0), "signature");
        expectRemoved(id, d);
    }

    function test_AReportWithAHighS() external {
        Report memory r = makeReport(0, 0, 1, 2);
        r.signature.s = bytes32(P256_ORDER - uint256(r.signature.s));
        Draft memory d = oneReport(r);
        uint256 id = open(d, 0, 0);
        expectInvalid(id, d, d.verdicts[0][0], backingOf(r, 0, 0, 0), "signature");
        r.signature.s = bytes32(P256_ORDER - uint256(r.signature.s));
        expectInvalid(id, d, d.verdicts[0][0], backingOf(r, 0, 0, 0), "evidencePath");
        expectRemoved(id, d);
    }

    /// @dev The key of the evidence's epoch counts, not today's.
    function test_AReportUnderAKeyThatWasRotatedSince() external {
        (Draft memory d,) = acceptHonest();
        uint256 device = uint256(bytes32(NetworkId.unwrap(network))) | 1;
        address owner = ownerOf(1);
        bytes32 digest = devices.rotateDigest(device, owner);
        (uint256 x, uint256 y) = vm.publicKeyP256(secretOf(9));
        Backing memory b = backingOf(reports[1], 1, 1, 0);
        b.key.x = bytes32(x);
        b.key.y = bytes32(y);
        vm.prank(owner);
        devices.rotate(device, b.key, sign(9, digest));
        uint256 id = open(d, 1, 0);
        expectInvalid(id, d, d.verdicts[1][0], b, "key");
        answer(id, d, d.verdicts[1][0], backingOf(reports[1], 1, 1, 0));
    }

    /// @dev Deferred evidence backs the root that covers its new slot, under its own epoch.
    function test_ADeferredSlot() external {
        sealEvidence();
        warpToAvailability(0);
        for (uint256 i; i < 2; ++i) {
            vm.prank(verifiers[i]);
            evidence.markUnavailable(network, 0);
        }
        warpToAttesting(1);
        Draft memory d = honestDraft();
        d.root.last = 1;
        d.root.evidenceSet = 2;
        for (uint256 k; k < 4; ++k) {
            d.verdicts[0][k].slot = 1;
        }
        close(d);
        accept(d);
        uint256 id = open(d, 0, 0);
        answer(id, d, d.verdicts[0][0], backingOf(reports[0], 0, 0, 0));
        // The slot it had before is skipped: its bit is not set.
        id = open(d, 1, 0);
        expectInvalid(id, d, d.verdicts[1][0], backingOf(reports[1], 1, 1, 0), "slot");
    }

    function test_RevertWhen_AKind2AnswerIsGivenToKind4() external {
        (Draft memory d,) = acceptHonest();
        uint256 id = open(d, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AnswerInvalid.selector, "height"));
        disputes.showLeaf(id, "");
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AnswerInvalid.selector, "height"));
        disputes.showChildren(id, "", "");
        id = abi.decode(
            challenge(
                address(disputes),
                watcher,
                abi.encodeCall(IDisputes.openHiddenVerdict, (network, d.root, workProof(d, 1), "salt"))
            ),
            (uint256)
        );
        expectInvalid(id, d, d.verdicts[1][0], backingOf(reports[1], 1, 1, 0), "root");
    }

    /// @dev A root over one report, of which device 0 claims ten units for the first observation.
    function oneReport(Report memory r) private returns (Draft memory d) {
        Report[] memory log = new Report[](1);
        log[0] = r;
        evidenceLevels = evidenceTree(log);
        warpToSealing(0);
        vm.prank(ingest);
        evidence.commit(network, 0, TreeBuilder.hashOf(TreeBuilder.top(evidenceLevels)), 1, 1000);
        warpToAttesting(0);
        d = honestDraft();
        for (uint32 i; i < DEVICES; ++i) {
            d.verdicts[i] = new VerdictEntry[](i == 0 ? 1 : 0);
            if (i == 0) d.verdicts[0][0] = entryOf(0, 0, 10, 0);
            d.work[i] = sumWork(i, d.verdicts[i]);
            d.cumulative[i] = 0;
        }
        payOut(d);
        close(d);
        accept(d);
    }
}
