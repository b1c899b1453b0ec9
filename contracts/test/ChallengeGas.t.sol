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
import {Backing, IDisputes, NodePlace, TreeKind} from "../src/interfaces/IDisputes.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {PayoutNode, Root, Tops, VerdictEntry, WorkLeaf, WorkNode, rootId} from "../src/types/Root.sol";
import {SettlementWorld} from "./SettlementWorld.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @notice Gas of every move at 10 k and 10 M devices, from proofs whose siblings are made up: only device 3 has leaves. Invariant 4 of spec 6.
contract ChallengeGasTest is SettlementWorld {
    uint32 internal constant DEVICE = 3;
    uint32 internal constant VERDICTS = 10_000;

    struct Deep {
        Root root;
        Tops tops;
        WorkProof work;
        PayoutProof payout;
        VerdictProof first;
        VerdictProof second; // the same entry again
        Backing backing;
    }

    function config() internal view override returns (NetworkConfig memory c) {
        c = super.config();
        c.reportsPerEpoch = 20_000_000;
    }

    function test_Gas_TenThousandDevices() external {
        measure(10_000, "10 k");
    }

    function test_Gas_TenMillionDevices() external {
        measure(10_000_000, "10 M");
    }

    function test_Sizes_AreBelowTheLimitOfEip170() external {
        size("Evidence", address(evidence));
        size("IngestChallenges", address(ingestChallenges));
        size("Settlement", address(settlement));
        size("Challenges", address(challenges));
        size("Disputes", address(disputes));
        size("OperatorBonds", address(operatorBonds));
        size("DelegationPools", address(delegationPools));
    }

    function size(string memory name, address deployed) internal {
        vm.snapshotValue("SettlementSizes", name, deployed.code.length);
        assertLt(deployed.code.length, 24_576);
    }

    function measure(uint32 count, string memory label) internal {
        vm.mockCall(
            address(devices), abi.encodeWithSelector(devices.isDeviceCountAt.selector), abi.encode(true)
        );
        Deep memory d = deep(count);
        uint256 before = vm.snapshotState();
        accepted(d.root, d.tops);
        uint256 honest = vm.snapshotState();
        kind1(d, label);
        vm.revertToState(honest);
        disorder(d, label);
        vm.revertToState(honest);
        hidden(d, label);
        unbacked(d, label);
        vm.revertToState(before);
        badSums(d, label);
    }

    function kind1(Deep memory d, string memory label) internal {
        Root memory none;
        PayoutProof memory noProof;
        bytes memory call = abi.encodeCall(
            IChallenges.proveWrongPayout, (network, d.root, none, d.payout, noProof, d.work, "salt")
        );
        move(address(challenges), call, string.concat("1 wrong payout, ", label));
    }

    function disorder(Deep memory d, string memory label) internal {
        bytes memory call =
            abi.encodeCall(IChallenges.proveDisorder, (network, d.root, d.work, d.first, d.second, "salt"));
        move(address(challenges), call, string.concat("3 disorder, ", label));
    }

    function hidden(Deep memory d, string memory label) internal {
        bytes memory siblings = d.work.siblings;
        bytes memory left = head(siblings, 96);
        bytes memory right = TreeBuilder.workLeaf(d.work.leaf);
        NodePlace memory place =
            NodePlace(1, DEVICE >> 1, TreeBuilder.join(TreeBuilder.WORK, left, right), tail(siblings, 96));
        bytes memory call =
            abi.encodeCall(IDisputes.openHiddenAt, (network, d.root, TreeKind.Work, place, "salt"));
        uint256 id =
            abi.decode(move(address(disputes), call, string.concat("2 open hidden, ", label)), (uint256));
        cool();
        disputes.showChildren(id, left, right);
        vm.snapshotGasLastCall("challenges", string.concat("2 show children, ", label));
        cool();
        vm.prank(watcher);
        disputes.pick(id, true, left, right);
        vm.snapshotGasLastCall("challenges", string.concat("2 pick, ", label));
        cool();
        disputes.showLeaf(id, TreeBuilder.content(d.work.leaf));
        vm.snapshotGasLastCall("challenges", string.concat("2 show leaf, ", label));
    }

    function unbacked(Deep memory d, string memory label) internal {
        bytes memory call = abi.encodeCall(IDisputes.openUnbacked, (network, d.root, d.work, d.first, "salt"));
        uint256 id =
            abi.decode(move(address(disputes), call, string.concat("4 open unbacked, ", label)), (uint256));
        Root memory none;
        uint256 state = vm.snapshotState();
        vm.warp(disputes.disputeOf(id).dueAt + 1);
        cool();
        disputes.timeout(id);
        vm.snapshotGasLastCall("challenges", string.concat("4 timeout, ", label));
        vm.revertToState(state);
        cool();
        disputes.showBacking(id, d.root, none, d.first.entry, d.backing);
        vm.snapshotGasLastCall("challenges", string.concat("4 show backing, ", label));
    }

    /// @dev The same trees, but for one unit too much at the bottom pair's parent.
    function badSums(Deep memory d, string memory label) internal {
        WorkDescent memory w =
            workDescent(TreeBuilder.WORK, TreeBuilder.workLeaf(d.work.leaf), d.work.siblings);
        PayoutDescent memory p = payoutDescent(d);
        Deep memory s = abi.decode(abi.encode(d), (Deep));
        (s.root.workHash, s.root.workSums) =
        (
            TreeBuilder.hashOf(joined(TreeBuilder.WORK, w.pairs[0])),
            TreeBuilder.sumsOf(joined(TreeBuilder.WORK, w.pairs[0]))
        );
        (s.tops.workLeft, s.tops.workRight) = (w.pairs[0][0], w.pairs[0][1]);
        bytes memory payoutTop =
            TreeBuilder.join(TreeBuilder.PAYOUT, pack(p.pairs[0][0]), pack(p.pairs[0][1]));
        (s.root.payoutHash, s.root.payoutSum) =
        (TreeBuilder.hashOf(payoutTop), TreeBuilder.sumAt(payoutTop, 0));
        (s.tops.payoutLeft, s.tops.payoutRight) = (p.pairs[0][0], p.pairs[0][1]);
        accepted(s.root, s.tops);
        uint256 state = vm.snapshotState();
        bytes memory call = abi.encodeCall(IChallenges.proveBadWorkSum, (network, s.root, w, "salt"));
        move(address(challenges), call, string.concat("3 bad work sum, ", label));
        vm.revertToState(state);
        call = abi.encodeCall(IChallenges.proveBadPayoutSum, (network, s.root, p, "salt"));
        move(address(challenges), call, string.concat("3 bad payout sum, ", label));
    }

    function move(address target, bytes memory call, string memory name)
        internal
        returns (bytes memory result)
    {
        announce(target, watcher, call);
        cool();
        result = submit(target, watcher, call);
        vm.snapshotGasLastCall("challenges", name);
        vm.snapshotValue("challenges", string.concat(name, ", calldata bytes"), call.length);
    }

    /// @dev As at the start of a transaction.
    function cool() internal {
        address[7] memory called = [
            address(networks),
            address(devices),
            address(evidence),
            address(settlement),
            address(challenges),
            address(disputes),
            address(token)
        ];
        for (uint256 i; i < called.length; ++i) {
            vm.cool(called[i]);
        }
    }

    function accepted(Root memory root, Tops memory tops) internal {
        warpToAttesting(0);
        for (uint256 i; i < 2; ++i) {
            vm.prank(verifiers[i]);
            settlement.attest(network, root, tops, 0);
        }
    }

    function deep(uint32 count) internal returns (Deep memory d) {
        uint256 depth = TreeBuilder.depthOf(count);
        Report memory r = makeReport(DEVICE, 0, 1, 1024);
        (bytes memory evidenceTop, bytes memory path) =
            TreeBuilder.climb(TreeBuilder.EVIDENCE, recordLeaf(r), 5, depth);
        warpToSealing(0);
        vm.prank(ingest);
        evidence.commit(network, 0, TreeBuilder.hashOf(evidenceTop), count, count);
        d.backing = Backing(
            r.header,
            keyOf(DEVICE),
            r.signature,
            words(path),
            r.observations[7],
            TreeBuilder.path(r.bodyLevels, 7)
        );
        verdicts(d);

        bytes memory top;
        bytes memory leaf = TreeBuilder.workLeaf(d.work.leaf);
        (top, d.work.siblings) = TreeBuilder.climb(TreeBuilder.WORK, leaf, DEVICE, depth);
        (d.root.workHash, d.root.workSums) = (TreeBuilder.hashOf(top), TreeBuilder.sumsOf(top));
        (top,) = TreeBuilder.climb(TreeBuilder.WORK, leaf, DEVICE, depth - 1);
        d.tops.workLeft = workNode(top);
        d.tops.workRight = workNode(tail(d.work.siblings, d.work.siblings.length - 96));

        d.payout.cumulative = 5;
        leaf = TreeBuilder.payoutLeaf(DEVICE, 5);
        (top, d.payout.siblings) = TreeBuilder.climb(TreeBuilder.PAYOUT, leaf, DEVICE, depth);
        (d.root.payoutHash, d.root.payoutSum) = (TreeBuilder.hashOf(top), TreeBuilder.sumAt(top, 0));
        (top,) = TreeBuilder.climb(TreeBuilder.PAYOUT, leaf, DEVICE, depth - 1);
        d.tops.payoutLeft = payoutNode(top);
        d.tops.payoutRight = payoutNode(tail(d.payout.siblings, d.payout.siblings.length - 48));

        d.root.evidenceEnd = 1;
        d.root.evidenceSet = 1;
        d.root.ruleset = keccak256(RULESET);
        d.root.deviceCount = count;
    }

    /// @dev A verdict tree of ten thousand entries, of which two neighbours are one and the same.
    function verdicts(Deep memory d) internal pure {
        VerdictEntry memory entry = entryOf(5, 7, 10, 5);
        bytes memory leaf = TreeBuilder.verdictLeaf(entry);
        uint256 depth = TreeBuilder.depthOf(VERDICTS);
        (bytes memory top, bytes memory above) = TreeBuilder.climb(
            TreeBuilder.VERDICT, TreeBuilder.join(TreeBuilder.VERDICT, leaf, leaf), 21, depth - 1
        );
        d.first = VerdictProof(entry, 42, abi.encodePacked(leaf, above));
        d.second = VerdictProof(entry, 43, abi.encodePacked(leaf, above));
        d.work.leaf.index = DEVICE;
        for (uint256 p; p < 4; ++p) {
            d.work.leaf.work[p] = uint96(TreeBuilder.sumAt(top, p));
        }
        d.work.leaf.verdictHash = TreeBuilder.hashOf(top);
        d.work.leaf.verdictCount = VERDICTS;
    }

    function workDescent(uint8 tag, bytes memory node, bytes memory siblings)
        internal
        pure
        returns (WorkDescent memory w)
    {
        uint256 depth = siblings.length / 96;
        w = WorkDescent(DEVICE, new WorkNode[2][](depth));
        for (uint256 h; h < depth; ++h) {
            bytes memory sibling = head(tail(siblings, 96 * h), 96);
            bool right = DEVICE >> h & 1 == 1;
            w.pairs[depth - 1 - h][0] = workNode(right ? sibling : node);
            w.pairs[depth - 1 - h][1] = workNode(right ? node : sibling);
            node = joined(tag, w.pairs[depth - 1 - h]);
            if (h == 0) node[47] = bytes1(uint8(node[47]) + 1);
        }
    }

    function payoutDescent(Deep memory d) internal pure returns (PayoutDescent memory p) {
        uint256 depth = d.payout.siblings.length / 48;
        p = PayoutDescent(DEVICE, new PayoutNode[2][](depth));
        bytes memory node = TreeBuilder.payoutLeaf(DEVICE, d.payout.cumulative);
        for (uint256 h; h < depth; ++h) {
            bytes memory sibling = head(tail(d.payout.siblings, 48 * h), 48);
            bool right = DEVICE >> h & 1 == 1;
            p.pairs[depth - 1 - h][0] = payoutNode(right ? sibling : node);
            p.pairs[depth - 1 - h][1] = payoutNode(right ? node : sibling);
            node = right
                ? TreeBuilder.join(TreeBuilder.PAYOUT, sibling, node)
                : TreeBuilder.join(TreeBuilder.PAYOUT, node, sibling);
            if (h == 0) node[47] = bytes1(uint8(node[47]) + 1);
        }
    }

    function joined(uint8 tag, WorkNode[2] memory pair) internal pure returns (bytes memory) {
        return TreeBuilder.join(tag, pack(pair[0]), pack(pair[1]));
    }

    function pack(WorkNode memory n) internal pure returns (bytes memory) {
        return abi.encodePacked(n.hash, n.sums[0], n.sums[1], n.sums[2], n.sums[3]);
    }

    function pack(PayoutNode memory n) internal pure returns (bytes memory) {
        return abi.encodePacked(n.hash, n.sum);
    }

    function head(bytes memory all, uint256 length) internal pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i; i < length; ++i) {
            part[i] = all[i];
        }
    }

    function tail(bytes memory all, uint256 from) internal pure returns (bytes memory part) {
        part = new bytes(all.length - from);
        for (uint256 i; i < part.length; ++i) {
            part[i] = all[from + i];
        }
    }

    function words(bytes memory all) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](all.length / 32);
        for (uint256 i; i < list.length; ++i) {
            list[i] = bytes32(tail(all, 32 * i));
        }
    }
}
