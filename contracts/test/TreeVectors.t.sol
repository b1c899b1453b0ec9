// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {IngestChallenges} from "../src/IngestChallenges.sol";
import {NodePlace, TreeKind} from "../src/interfaces/IDisputes.sol";
import {GroupCommit} from "../src/interfaces/IIngestChallenges.sol";
import {DisputeTrees} from "../src/libraries/DisputeTrees.sol";
import {WorkTree} from "../src/libraries/WorkTree.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {Root, VerdictEntry, WorkLeaf, rootId, rootIdCalldata} from "../src/types/Root.sol";

/// @notice The vectors that TypeScript wrote, read by the second implementation.
contract TreeVectorsTest is Test {
    function isUnder(TreeKind tree, bytes memory top, uint32 count, NodePlace calldata place)
        external
        pure
        returns (bool)
    {
        return DisputeTrees.isUnder(tree, top, count, place);
    }

    function idOf(NetworkId network, Root calldata root) external pure returns (bytes32) {
        return rootIdCalldata(network, root);
    }

    function load(string memory name) internal view returns (string memory) {
        return vm.readFile(string.concat("specs/vectors/", name, ".json"));
    }

    function at(string memory key, uint256 i) internal pure returns (string memory) {
        return string.concat(key, "[", vm.toString(i), "]");
    }

    function number(string memory json, string memory key) internal pure returns (uint256) {
        return vm.parseUint(vm.parseJsonString(json, key));
    }

    function worksAt(string memory json, string memory key) internal pure returns (uint96[4] memory work) {
        for (uint256 p; p < 4; ++p) {
            work[p] = uint96(number(json, at(key, p)));
        }
    }

    function topAt(string memory json, string memory tree) internal pure returns (bytes memory top) {
        top = abi.encodePacked(vm.parseJsonBytes32(json, string.concat(tree, ".hash")));
        for (uint256 p; p < 4; ++p) {
            top = abi.encodePacked(top, uint128(number(json, at(string.concat(tree, ".sums"), p))));
        }
    }

    function test_EmptyLeaves() external view {
        string memory json = load("trees");
        assertEq(vm.parseJsonBytes32(json, ".empty.work"), WorkTree.empty(WorkTree.WORK));
        assertEq(vm.parseJsonBytes32(json, ".empty.verdict"), WorkTree.empty(WorkTree.VERDICT));
    }

    function test_WorkTrees() external view {
        string memory json = load("trees");
        uint256 seen;
        for (uint256 t; vm.keyExistsJson(json, at(".work", t)); ++t) {
            string memory tree = at(".work", t);
            uint32 count = uint32(number(json, string.concat(tree, ".count")));
            bytes memory top = topAt(json, tree);
            for (uint32 i; i < count; ++i) {
                string memory key = at(string.concat(tree, ".leaves"), i);
                WorkLeaf memory leaf = WorkLeaf(
                    uint32(number(json, string.concat(key, ".index"))),
                    worksAt(json, string.concat(key, ".work")),
                    vm.parseJsonBytes32(json, string.concat(key, ".verdictHash")),
                    uint32(number(json, string.concat(key, ".verdictCount")))
                );
                bytes memory node = WorkTree.pack(WorkTree.leaf(leaf));
                bytes memory siblings = vm.parseJsonBytes(json, string.concat(key, ".siblings"));
                assertTrue(this.isUnder(TreeKind.Work, top, count, NodePlace(0, i, node, siblings)));
                ++seen;
            }
        }
        assertGt(seen, 4);
    }

    function test_VerdictTrees() external view {
        string memory json = load("trees");
        uint256 seen;
        for (uint256 t; vm.keyExistsJson(json, at(".verdict", t)); ++t) {
            string memory tree = at(".verdict", t);
            uint32 count = uint32(number(json, string.concat(tree, ".count")));
            bytes memory top = topAt(json, tree);
            for (uint32 i; i < count; ++i) {
                string memory key = at(string.concat(tree, ".entries"), i);
                VerdictEntry memory entry = VerdictEntry(
                    uint32(number(json, string.concat(key, ".slot"))),
                    uint32(number(json, string.concat(key, ".index"))),
                    uint16(number(json, string.concat(key, ".observation"))),
                    uint16(number(json, string.concat(key, ".reason"))),
                    worksAt(json, string.concat(key, ".work"))
                );
                bytes memory node = WorkTree.pack(WorkTree.leaf(entry));
                bytes memory siblings = vm.parseJsonBytes(json, string.concat(key, ".siblings"));
                assertTrue(this.isUnder(TreeKind.Verdict, top, count, NodePlace(0, i, node, siblings)));
                ++seen;
            }
        }
        assertGt(seen, 4);
    }

    function test_CarryTrees() external view {
        string memory json = load("trees");
        uint256 seen;
        for (uint256 t; vm.keyExistsJson(json, at(".carry", t)); ++t) {
            string memory tree = at(".carry", t);
            uint32 count = uint32(number(json, string.concat(tree, ".count")));
            bytes memory top = abi.encodePacked(vm.parseJsonBytes32(json, string.concat(tree, ".root")));
            for (uint32 i; i < count; ++i) {
                string memory key = at(string.concat(tree, ".entries"), i);
                bytes32 leaf = keccak256(
                    abi.encodePacked(uint8(0x50), vm.parseJsonBytes(json, string.concat(key, ".encoded")))
                );
                assertEq(leaf, vm.parseJsonBytes32(json, string.concat(key, ".leaf")));
                bytes memory siblings = vm.parseJsonBytes(json, string.concat(key, ".siblings"));
                NodePlace memory place = NodePlace(0, i, abi.encodePacked(leaf), siblings);
                assertTrue(this.isUnder(TreeKind.Carry, top, count, place));
                ++seen;
            }
        }
        assertGt(seen, 2);
    }

    function test_RootIds() external view {
        string memory json = load("root");
        uint256 seen;
        for (; vm.keyExistsJson(json, at(".roots", seen)); ++seen) {
            string memory key = at(".roots", seen);
            bytes memory encoded = vm.parseJsonBytes(json, string.concat(key, ".encoded"));
            (NetworkId network, Root memory root) = abi.decode(encoded, (NetworkId, Root));
            bytes32 id = vm.parseJsonBytes32(json, string.concat(key, ".id"));
            assertEq(rootId(network, root), id);
            assertEq(this.idOf(network, root), id);
        }
        assertGt(seen, 1);
    }

    function test_GroupCommits() external {
        string memory json = load("evidence");
        bytes memory code = address(new IngestChallenges(address(1), address(2), address(3))).code;
        uint256 seen;
        for (; vm.keyExistsJson(json, at(".groupCommits", seen)); ++seen) {
            string memory key = at(".groupCommits", seen);
            address verifying = vm.parseJsonAddress(json, string.concat(key, ".verifyingContract"));
            vm.etch(verifying, code);
            vm.chainId(number(json, string.concat(key, ".chainId")));
            GroupCommit memory group = GroupCommit(
                NetworkId.wrap(bytes28(vm.parseJsonBytes(json, string.concat(key, ".network")))),
                uint32(number(json, string.concat(key, ".epoch"))),
                uint32(number(json, string.concat(key, ".first"))),
                uint32(number(json, string.concat(key, ".count"))),
                vm.parseJsonBytes32(json, string.concat(key, ".batchRoot"))
            );
            assertEq(
                IngestChallenges(verifying).groupCommitDigest(group),
                vm.parseJsonBytes32(json, string.concat(key, ".digest"))
            );
        }
        assertGt(seen, 1);
    }
}
