// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Test} from "forge-std/Test.sol";

import {Devices} from "../src/Devices.sol";
import {DeviceKey} from "../src/interfaces/IDevices.sol";
import {TreeKind} from "../src/interfaces/IDisputes.sol";
import {DisputeTrees} from "../src/libraries/DisputeTrees.sol";
import {MerkleTree} from "../src/libraries/MerkleTree.sol";
import {P256} from "../src/libraries/P256.sol";
import {PayoutTree} from "../src/libraries/PayoutTree.sol";
import {ReportHeader} from "../src/libraries/ReportHeader.sol";
import {NetworkId, splitDeviceId} from "../src/types/NetworkId.sol";

/// @notice The vectors of the TypeScript implementation, recomputed: identity, reports, evidence, plain and payout trees, descents, tops. TreeVectors has the rest.
contract VectorsTest is Test {
    using ReportHeader for bytes;

    Devices private devices = new Devices(address(0));

    // ---- calldata for the libraries

    function isHeader(bytes calldata header) external pure returns (bool) {
        return header.isHeader();
    }

    function reportHash(bytes calldata header) external pure returns (bytes32) {
        return header.hash();
    }

    function fieldsOf(bytes calldata header)
        external
        pure
        returns (NetworkId network, uint32 device, uint32 epoch, uint16 count, bytes32 bodyRoot)
    {
        return (header.network(), header.device(), header.epoch(), header.count(), header.bodyRoot());
    }

    function stands(
        uint8 tree,
        bytes32 root,
        uint256 count,
        bytes32 leaf,
        uint256 place,
        bytes32[] calldata path
    ) external pure returns (bool) {
        return MerkleTree.verify(tree, root, count, leaf, place, path);
    }

    function payoutOf(bytes calldata siblings, uint32 index, uint128 cumulative)
        external
        pure
        returns (bytes32, uint128)
    {
        return PayoutTree.process(siblings, index, PayoutTree.leaf(index, cumulative), cumulative);
    }

    function payoutRunOf(bytes calldata siblings, uint32 first, uint128[] calldata cumulatives)
        external
        pure
        returns (bytes32, uint128)
    {
        return PayoutTree.processRun(siblings, first, cumulatives);
    }

    // ---- identity

    function test_DevicesAndTheirDigests() external view {
        string memory json = load("identity");
        uint256 seen;
        for (; vm.keyExistsJson(json, item(".devices", seen)); ++seen) {
            string memory k = item(".devices", seen);
            NetworkId network = networkAt(json, k);
            uint256 id = number(json, k, ".deviceId");
            assertEq(network.deviceId(uint32(number(json, k, ".index"))), id);
            (NetworkId same, uint32 index) = splitDeviceId(id);
            assertTrue(same == network);
            assertEq(index, number(json, k, ".index"));
            assertOnboarding(json, k, network);
            assertRotation(json, k, id);
            assertMaker(json, k, network);
        }
        assertGt(seen, 2);
    }

    function test_P256Signatures() external view {
        string memory json = load("identity");
        uint256 seen;
        for (; vm.keyExistsJson(json, item(".signatures", seen)); ++seen) {
            string memory k = item(".signatures", seen);
            DeviceKey memory key = DeviceKey(word(json, k, ".x"), word(json, k, ".y"));
            bytes32 digest = word(json, k, ".digest");
            bool verifies = vm.parseJsonBool(json, string.concat(k, ".verifies"));
            bool isLow = vm.parseJsonBool(json, string.concat(k, ".isLowS"));
            // A high s is refused here; its low twin stands where the signature is a signature at all.
            assertEq(isSigned(digest, blob(json, k, ".signature"), key), verifies && isLow);
            assertEq(isSigned(digest, blob(json, k, ".lowS"), key), verifies);
        }
        assertGt(seen, 3);
    }

    // ---- reports

    function test_Reports() external view {
        string memory json = load("report");
        uint256 seen;
        for (; vm.keyExistsJson(json, item(".reports", seen)); ++seen) {
            string memory k = item(".reports", seen);
            bytes memory header = blob(json, k, ".headerBytes");
            assertTrue(this.isHeader(header));
            (NetworkId network, uint32 device, uint32 epoch, uint16 count, bytes32 bodyRoot) =
                this.fieldsOf(header);
            assertTrue(network == networkAt(json, k));
            assertEq(device, number(json, k, ".device"));
            assertEq(epoch, number(json, k, ".epoch"));
            assertEq(count, number(json, k, ".count"));
            assertEq(bodyRoot, word(json, k, ".bodyRoot"));

            assertRecord(json, k, header);
        }
        assertGt(seen, 3);
    }

    /// @dev Of the reports that parsers refuse, those at fault in what Solidity sees of them, the header, are refused here too.
    function test_RefusedHeaders() external view {
        string memory json = load("report");
        uint256 seen;
        for (uint256 i; vm.keyExistsJson(json, item(".refused", i)); ++i) {
            string memory k = item(".refused", i);
            bytes32 why = keccak256(bytes(vm.parseJsonString(json, string.concat(k, ".why"))));
            bool isHeaderFault = why == keccak256("version 2") || why == keccak256("time of 2^53 ms")
                || why == keccak256("header counts 1025");
            if (!isHeaderFault) continue;
            // 82 d2 84 43 a10126 a0 58 53 stand before it.
            assertFalse(this.isHeader(slice(blob(json, k, ".report"), 10, 83)));
            ++seen;
        }
        assertEq(seen, 3);
    }

    function test_Bodies() external view {
        string memory json = load("report");
        uint256 seen;
        for (; vm.keyExistsJson(json, item(".bodies", seen)); ++seen) {
            string memory k = item(".bodies", seen);
            bytes[] memory observations = vm.parseJsonBytesArray(json, string.concat(k, ".observations"));
            bytes32[] memory leaves = new bytes32[](observations.length);
            for (uint256 i; i < leaves.length; ++i) {
                leaves[i] = MerkleTree.leaf(MerkleTree.BODY, observations[i]);
                assertEq(leaves[i], word(json, item(string.concat(k, ".leaves"), i), ""));
            }
            assertEq(rootOf(MerkleTree.BODY, leaves), word(json, k, ".root"));
        }
        assertGt(seen, 3);
    }

    // ---- evidence

    function test_EvidenceLeavesAndRoots() external view {
        string memory json = load("evidence");
        uint256 seen;
        for (; vm.keyExistsJson(json, item(".leaves", seen)); ++seen) {
            string memory k = item(".leaves", seen);
            assertEq(evidenceLeaf(word(json, k, ".reportHash")), word(json, k, ".leaf"));
        }
        assertGt(seen, 2);
        for (seen = 0; vm.keyExistsJson(json, item(".roots", seen)); ++seen) {
            string memory k = item(".roots", seen);
            bytes32[] memory leaves = evidenceLeaves(json, string.concat(k, ".recordHashes"));
            assertEq(leaves.length, number(json, k, ".count"));
            assertEq(rootOf(MerkleTree.EVIDENCE, leaves), word(json, k, ".root"));
        }
        assertGt(seen, 5);
    }

    /// @dev The digests of group commits are TreeVectors' to check; here it is whose signature, and where the record stands in the batch.
    function test_ReceiptsAndTheirSignatures() external view {
        string memory json = load("evidence");
        for (uint256 i; vm.keyExistsJson(json, item(".groupCommits", i)); ++i) {
            assertIngestSigned(json, item(".groupCommits", i));
        }
        uint256 seen;
        for (; vm.keyExistsJson(json, item(".receipts", seen)); ++seen) {
            string memory k = item(".receipts", seen);
            assertIngestSigned(json, k);
            uint256 place = number(json, k, ".index") - number(json, k, ".first");
            bytes32[] memory path = vm.parseJsonBytes32Array(json, string.concat(k, ".path"));
            assertTrue(
                this.stands(
                    MerkleTree.EVIDENCE,
                    word(json, k, ".batchRoot"),
                    number(json, k, ".count"),
                    evidenceLeaf(word(json, k, ".reportHash")),
                    place,
                    path
                )
            );
        }
        assertGt(seen, 5);
    }

    // ---- trees

    function test_EmptyLeavesOfTheOtherTrees() external view {
        string memory json = load("trees");
        assertEq(MerkleTree.empty(MerkleTree.EVIDENCE), word(json, ".empty", ".evidence"));
        assertEq(MerkleTree.empty(MerkleTree.BODY), word(json, ".empty", ".body"));
        assertEq(MerkleTree.empty(MerkleTree.CARRY), word(json, ".empty", ".carry"));
        assertEq(PayoutTree.empty(), word(json, ".empty", ".payout"));
    }

    function test_PlainTreesAndProofs() external view {
        string memory json = load("trees");
        uint256 seen;
        for (; vm.keyExistsJson(json, item(".plain", seen)); ++seen) {
            string memory k = item(".plain", seen);
            uint256 count = number(json, k, ".count");
            assertEq(MerkleTree.depth(count), number(json, k, ".depth"));
            bytes32[] memory leaves = evidenceLeaves(json, string.concat(k, ".recordHashes"));
            assertEq(leaves.length, count);
            bytes32 root = word(json, k, ".evidenceRoot");
            assertEq(rootOf(MerkleTree.EVIDENCE, leaves), root);
            assertProofs(MerkleTree.EVIDENCE, root, leaves, json, string.concat(k, ".evidenceProofs"));

            bytes[] memory observations = vm.parseJsonBytesArray(json, string.concat(k, ".observations"));
            for (uint256 i; i < count; ++i) {
                assertEq(leaves[i], word(json, item(string.concat(k, ".evidenceLeaves"), i), ""));
                leaves[i] = MerkleTree.leaf(MerkleTree.BODY, observations[i]);
            }
            root = word(json, k, ".bodyRoot");
            assertEq(rootOf(MerkleTree.BODY, leaves), root);
            assertProofs(MerkleTree.BODY, root, leaves, json, string.concat(k, ".bodyProofs"));
        }
        assertGt(seen, 4);
    }

    function test_PayoutTreesProofsAndMultiproofs() external view {
        string memory json = load("trees");
        uint256 seen;
        for (uint256 t; vm.keyExistsJson(json, item(".payout", t)); ++t) {
            string memory k = item(".payout", t);
            assertEq(
                PayoutTree.top(word(json, k, ".hash"), uint128(number(json, k, ".sum"))),
                word(json, k, ".top")
            );
            uint128[] memory amounts = new uint128[](number(json, k, ".count"));
            for (uint32 i; i < amounts.length; ++i) {
                amounts[i] = uint128(number(json, item(string.concat(k, ".cumulatives"), i), ""));
                assertPayout(json, k, i, amounts[i]);
                ++seen;
            }
            seen += multiproofs(json, k, amounts);
        }
        assertGt(seen, 50);
    }

    /// @dev From the top down, each pair hashes to the node above it and adds up to it.
    function test_Descents() external view {
        string memory json = load("trees");
        uint256 seen = descents(json, ".payout", TreeKind.Payout);
        seen += descents(json, ".work", TreeKind.Work);
        seen += descents(json, ".verdict", TreeKind.Verdict);
        assertGt(seen, 30);
    }

    /// @dev What the vault keeps of a root, and the children of its tops.
    function test_TopsOfRoots() external view {
        string memory json = load("root");
        uint256 seen;
        for (uint256 i; vm.keyExistsJson(json, item(".roots", i)); ++i) {
            string memory k = item(".roots", i);
            string memory root = string.concat(k, ".root");
            bytes32 hash = word(json, root, ".payoutHash");
            uint128 sum = uint128(number(json, root, ".payoutSum"));
            assertEq(PayoutTree.top(hash, sum), word(json, k, ".payoutTop"));
            if (number(json, root, ".deviceCount") < 2) continue;
            string memory tops = string.concat(k, ".tops");
            bytes memory left = payoutNode(json, string.concat(tops, ".payoutLeft"));
            bytes memory right = payoutNode(json, string.concat(tops, ".payoutRight"));
            assertEq(DisputeTrees.parent(TreeKind.Payout, left, right), hash);
            assertEq(sumAt(left, 0) + sumAt(right, 0), sum);
            left = workNode(json, string.concat(tops, ".workLeft"), ".sums");
            right = workNode(json, string.concat(tops, ".workRight"), ".sums");
            assertEq(DisputeTrees.parent(TreeKind.Work, left, right), word(json, root, ".workHash"));
            for (uint256 p; p < 4; ++p) {
                uint256 total = number(json, item(string.concat(root, ".workSums"), p), "");
                assertEq(sumAt(left, p) + sumAt(right, p), total);
            }
            ++seen;
        }
        assertGt(seen, 0);
    }

    // ----

    function assertOnboarding(string memory json, string memory k, NetworkId network) private view {
        DeviceKey memory key = DeviceKey(word(json, k, ".x"), word(json, k, ".y"));
        assertEq(keccak256(abi.encode(key)), word(json, k, ".keyHash"));
        bytes32 digest = devices.onboardDigest(network, ownerAt(json, k), uint16(number(json, k, ".class")));
        assertEq(digest, word(json, k, ".onboardDigest"));
        assertEq(digest, sha256(blob(json, k, ".onboardInput")));
        assertTrue(isSigned(digest, blob(json, k, ".onboardSignature"), key));
    }

    function assertRotation(string memory json, string memory k, uint256 id) private view {
        DeviceKey memory next = DeviceKey(word(json, k, ".newX"), word(json, k, ".newY"));
        assertEq(keccak256(abi.encode(next)), word(json, k, ".newKeyHash"));
        bytes32 digest = devices.rotateDigest(id, ownerAt(json, k));
        assertEq(digest, word(json, k, ".rotateDigest"));
        assertEq(digest, sha256(blob(json, k, ".rotateInput")));
        assertTrue(isSigned(digest, blob(json, k, ".rotateSignature"), next));
        DeviceKey memory before = DeviceKey(word(json, k, ".x"), word(json, k, ".y"));
        assertFalse(isSigned(digest, blob(json, k, ".rotateSignature"), before));
    }

    function assertMaker(string memory json, string memory k, NetworkId network) private view {
        DeviceKey memory key = DeviceKey(word(json, k, ".x"), word(json, k, ".y"));
        bytes32 digest = devices.makerDigest(network, key, uint16(number(json, k, ".class")));
        assertEq(digest, word(json, k, ".makerDigest"));
        digest = MessageHashUtils.toEthSignedMessageHash(digest);
        assertEq(digest, word(json, k, ".makerSignedDigest"));
        address maker = vm.parseJsonAddress(json, string.concat(k, ".maker"));
        assertEq(ECDSA.recover(digest, blob(json, k, ".makerSignature")), maker);
    }

    function ownerAt(string memory json, string memory k) private pure returns (address) {
        return vm.parseJsonAddress(json, string.concat(k, ".owner"));
    }

    function assertPayout(string memory json, string memory k, uint32 i, uint128 amount) private view {
        bytes memory leaf = vm.parseJsonBytes(json, item(string.concat(k, ".leaves"), i));
        assertEq(leaf, abi.encodePacked(i, amount));
        assertEq(PayoutTree.leaf(i, amount), MerkleTree.leaf(0x20, leaf));
        bytes memory siblings = vm.parseJsonBytes(json, item(string.concat(k, ".proofs"), i));
        (bytes32 hash, uint128 sum) = this.payoutOf(siblings, i, amount);
        assertEq(hash, word(json, k, ".hash"));
        assertEq(sum, number(json, k, ".sum"));
    }

    function multiproofs(string memory json, string memory k, uint128[] memory amounts)
        private
        view
        returns (uint256 seen)
    {
        for (; vm.keyExistsJson(json, item(string.concat(k, ".multiproofs"), seen)); ++seen) {
            string memory run = item(string.concat(k, ".multiproofs"), seen);
            uint32 first = uint32(number(json, run, ".first"));
            uint128[] memory some = new uint128[](number(json, run, ".run"));
            for (uint256 i; i < some.length; ++i) {
                some[i] = amounts[first + i];
            }
            (bytes32 hash, uint128 sum) = this.payoutRunOf(blob(json, run, ".siblings"), first, some);
            assertEq(hash, word(json, k, ".hash"));
            assertEq(sum, number(json, k, ".sum"));
        }
    }

    function assertRecord(string memory json, string memory k, bytes memory header) private view {
        bytes32 hash = word(json, k, ".reportHash");
        assertEq(this.reportHash(header), hash);
        assertEq(sha256(blob(json, k, ".signedContent")), hash);
        bytes memory signature = blob(json, k, ".signature");
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        assertEq(ReportHeader.recordHash(hash, r, s), word(json, k, ".recordHash"));
        DeviceKey memory key = DeviceKey(word(json, k, ".x"), word(json, k, ".y"));
        assertEq(keccak256(abi.encode(key)), word(json, k, ".keyHash"));
        assertTrue(isSigned(hash, signature, key));
    }

    function descents(string memory json, string memory tree, TreeKind kind)
        private
        view
        returns (uint256 seen)
    {
        for (uint256 t; vm.keyExistsJson(json, item(tree, t)); ++t) {
            string memory k = item(tree, t);
            uint256 depth = number(json, k, ".depth");
            bytes[] memory above = new bytes[](depth + 1);
            above[0] = kind == TreeKind.Payout ? payoutNode(json, k) : workNode(json, k, ".sums");
            for (uint256 i; vm.keyExistsJson(json, item(string.concat(k, ".descents"), i)); ++i) {
                bytes memory pairs = vm.parseJsonBytes(json, item(string.concat(k, ".descents"), i));
                assertEq(pairs.length, 2 * DisputeTrees.width(kind) * depth);
                for (uint256 level; level < depth; ++level) {
                    above[level + 1] = below(kind, above[level], pairs, level, i >> (depth - 1 - level) & 1);
                    ++seen;
                }
            }
        }
    }

    /// @dev The child of `above` on that side, once the pair has been found to make it.
    function below(TreeKind kind, bytes memory above, bytes memory pairs, uint256 level, uint256 side)
        private
        pure
        returns (bytes memory)
    {
        uint256 width = DisputeTrees.width(kind);
        bytes memory left = slice(pairs, 2 * width * level, width);
        bytes memory right = slice(pairs, 2 * width * level + width, width);
        (bytes32 hash,) = DisputeTrees.split(above);
        assertEq(DisputeTrees.parent(kind, left, right), hash);
        for (uint256 p; p < (width - 32) / 16; ++p) {
            assertEq(sumAt(left, p) + sumAt(right, p), sumAt(above, p));
        }
        return side == 0 ? left : right;
    }

    function assertProofs(
        uint8 tree,
        bytes32 root,
        bytes32[] memory leaves,
        string memory json,
        string memory key
    ) private view {
        for (uint256 i; i < leaves.length; ++i) {
            bytes memory siblings = vm.parseJsonBytes(json, item(key, i));
            bytes32[] memory path = new bytes32[](siblings.length / 32);
            for (uint256 h; h < path.length; ++h) {
                path[h] = bytes32(slice(siblings, 32 * h, 32));
            }
            assertTrue(this.stands(tree, root, leaves.length, leaves[i], i, path));
        }
    }

    function assertIngestSigned(string memory json, string memory k) private pure {
        address signer = ECDSA.recover(word(json, k, ".digest"), blob(json, k, ".signature"));
        assertEq(signer, vm.parseJsonAddress(json, string.concat(k, ".ingest")));
    }

    function isSigned(bytes32 digest, bytes memory signature, DeviceKey memory key)
        private
        view
        returns (bool)
    {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        return P256.verify(digest, r, s, key.x, key.y);
    }

    function evidenceLeaf(bytes32 record) private pure returns (bytes32) {
        return MerkleTree.leaf(MerkleTree.EVIDENCE, abi.encodePacked(record));
    }

    function evidenceLeaves(string memory json, string memory key)
        private
        pure
        returns (bytes32[] memory leaves)
    {
        leaves = vm.parseJsonBytes32Array(json, key);
        for (uint256 i; i < leaves.length; ++i) {
            leaves[i] = evidenceLeaf(leaves[i]);
        }
    }

    function rootOf(uint8 tree, bytes32[] memory leaves) private pure returns (bytes32) {
        bytes32[] memory level = new bytes32[](1 << MerkleTree.depth(leaves.length));
        for (uint256 i; i < level.length; ++i) {
            level[i] = i < leaves.length ? leaves[i] : MerkleTree.empty(tree);
        }
        for (uint256 width = level.length; width > 1; width /= 2) {
            for (uint256 i; i < width / 2; ++i) {
                level[i] = MerkleTree.node(tree, level[2 * i], level[2 * i + 1]);
            }
        }
        return level[0];
    }

    function payoutNode(string memory json, string memory k) private pure returns (bytes memory) {
        return abi.encodePacked(word(json, k, ".hash"), uint128(number(json, k, ".sum")));
    }

    function workNode(string memory json, string memory k, string memory sums)
        private
        pure
        returns (bytes memory node)
    {
        node = abi.encodePacked(word(json, k, ".hash"));
        for (uint256 p; p < 4; ++p) {
            node = abi.encodePacked(node, uint128(number(json, item(string.concat(k, sums), p), "")));
        }
    }

    function sumAt(bytes memory node, uint256 p) private pure returns (uint256) {
        return uint128(bytes16(slice(node, 32 + 16 * p, 16)));
    }

    function slice(bytes memory all, uint256 from, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i; i < length; ++i) {
            part[i] = all[from + i];
        }
    }

    function load(string memory name) private view returns (string memory) {
        return vm.readFile(string.concat("specs/vectors/", name, ".json"));
    }

    function item(string memory key, uint256 i) private pure returns (string memory) {
        return string.concat(key, "[", vm.toString(i), "]");
    }

    function number(string memory json, string memory key, string memory field)
        private
        pure
        returns (uint256)
    {
        return vm.parseUint(vm.parseJsonString(json, string.concat(key, field)));
    }

    function word(string memory json, string memory key, string memory field) private pure returns (bytes32) {
        return vm.parseJsonBytes32(json, string.concat(key, field));
    }

    function blob(string memory json, string memory key, string memory field)
        private
        pure
        returns (bytes memory)
    {
        return vm.parseJsonBytes(json, string.concat(key, field));
    }

    function networkAt(string memory json, string memory key) private pure returns (NetworkId) {
        return NetworkId.wrap(bytes28(blob(json, key, ".network")));
    }
}
