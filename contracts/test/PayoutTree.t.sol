// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";
import {PayoutTree} from "../src/libraries/PayoutTree.sol";
import {PayoutTreeFixture} from "./PayoutTreeFixture.sol";

contract PayoutTreeTest is Test {
    using PayoutTreeFixture for PayoutTreeFixture.Tree;

    function process(bytes calldata siblings, uint32 index, uint128 cumulative)
        external
        pure
        returns (bytes32, uint128)
    {
        return PayoutTree.process(siblings, index, PayoutTree.leaf(index, cumulative), cumulative);
    }

    /// @dev `after_` follows in the calldata: what a proof that is too short must not reach.
    function processRun(
        bytes calldata siblings,
        uint32 first,
        uint128[] calldata cumulatives,
        bytes calldata after_
    ) external pure returns (bytes32, uint128) {
        after_;
        return PayoutTree.processRun(siblings, first, cumulatives);
    }

    function testFuzz_default_Hashes(uint32 index, uint128 a, uint128 b, bytes32 left, bytes32 right)
        external
        pure
    {
        assertEq(PayoutTree.leaf(index, a), keccak256(abi.encodePacked(bytes1(0x20), index, a)));
        assertEq(
            PayoutTree.node(left, a, right, b), keccak256(abi.encodePacked(bytes1(0x21), left, a, right, b))
        );
        assertEq(PayoutTree.top(left, a), keccak256(abi.encodePacked(bytes1(0x2f), left, a)));
        assertEq(PayoutTree.empty(), keccak256(hex"22"));
    }

    function testFuzz_default_EveryLeafLeadsToTheRoot(uint256 seed, uint256 count) external view {
        uint128[] memory cumulatives = amounts(seed, bound(count, 1, 40));
        PayoutTreeFixture.Tree memory tree = PayoutTreeFixture.build(cumulatives);
        (bytes32 expectedHash, uint128 expectedSum) = tree.rootOf();
        uint256 index = seed % cumulatives.length;
        (bytes32 hash, uint128 sum) = this.process(tree.prove(index), uint32(index), cumulatives[index]);
        assertEq(hash, expectedHash);
        assertEq(sum, expectedSum);
    }

    /// @dev Proofs of any depth, up to deeper than an index is long, against the same climb written plainly.
    function testFuzz_default_AsThePlainClimb(
        uint32 index,
        uint128 cumulative,
        uint256 depth,
        uint256 bits,
        uint256 seed
    ) external view {
        depth = bound(depth, 0, 35);
        bits = bound(bits, 1, 128);
        bytes memory siblings;
        for (uint256 level = 0; level < depth; ++level) {
            bytes32 hash = keccak256(abi.encode(seed, level));
            siblings = abi.encodePacked(siblings, hash, uint128(uint256(hash) & ((1 << bits) - 1)));
        }
        if (depth < 32 && seed % 8 != 0) index = uint32(index % (1 << depth));
        cumulative = uint128(cumulative & ((1 << bits) - 1));

        (bool accepted, bytes32 expectedHash, uint256 expectedSum) = climb(siblings, index, cumulative, depth);
        try this.process(siblings, index, cumulative) returns (bytes32 hash, uint128 sum) {
            assertTrue(accepted);
            assertEq(hash, expectedHash);
            assertEq(sum, expectedSum);
        } catch (bytes memory reason) {
            assertFalse(accepted);
            assertEq(bytes4(reason), PayoutTree.ProofInvalid.selector);
        }
    }

    function climb(bytes memory siblings, uint256 position, uint128 cumulative, uint256 depth)
        private
        pure
        returns (bool accepted, bytes32 hash, uint256 sum)
    {
        (hash, sum) = (PayoutTree.leaf(uint32(position), cumulative), cumulative);
        for (uint256 level = 0; level < depth; ++level) {
            bytes32 siblingHash;
            uint256 siblingSum;
            assembly ("memory-safe") {
                let sibling := add(add(siblings, 0x20), mul(level, 48))
                siblingHash := mload(sibling)
                siblingSum := shr(128, mload(add(sibling, 0x20)))
            }
            hash = position % 2 == 0
                ? PayoutTree.node(hash, uint128(sum), siblingHash, uint128(siblingSum))
                : PayoutTree.node(siblingHash, uint128(siblingSum), hash, uint128(sum));
            sum += siblingSum;
            position /= 2;
            if (sum > type(uint128).max) return (false, hash, sum);
        }
        accepted = position == 0;
    }

    function testFuzz_default_EveryRunLeadsToTheRoot(
        uint256 seed,
        uint256 count,
        uint256 first,
        uint256 width
    ) external view {
        uint128[] memory cumulatives = amounts(seed, bound(count, 1, 40));
        PayoutTreeFixture.Tree memory tree = PayoutTreeFixture.build(cumulatives);
        (bytes32 expectedHash, uint128 expectedSum) = tree.rootOf();
        first = bound(first, 0, cumulatives.length - 1);
        width = bound(width, 1, cumulatives.length - first);
        (bytes32 hash, uint128 sum) =
            this.processRun(tree.proveRun(first, width), uint32(first), slice(cumulatives, first, width), "");
        assertEq(hash, expectedHash);
        assertEq(sum, expectedSum);
    }

    function testFuzz_error_AnyBitOfAProofChanged(
        uint256 seed,
        uint256 count,
        uint256 first,
        uint256 width,
        uint256 bit
    ) external view {
        uint128[] memory cumulatives = amounts(seed, bound(count, 2, 40));
        PayoutTreeFixture.Tree memory tree = PayoutTreeFixture.build(cumulatives);
        first = bound(first, 0, cumulatives.length - 1);
        width = bound(width, 1, cumulatives.length - first);
        bytes memory siblings = tree.proveRun(first, width);
        vm.assume(siblings.length > 0);
        bit = bound(bit, 0, siblings.length * 8 - 1);
        siblings[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        (bytes32 expectedHash,) = tree.rootOf();
        try this.processRun(siblings, uint32(first), slice(cumulatives, first, width), "") returns (
            bytes32 hash, uint128
        ) {
            assertNotEq(hash, expectedHash);
        } catch (bytes memory reason) {
            assertEq(bytes4(reason), PayoutTree.ProofInvalid.selector);
        }
    }

    function testFuzz_error_AnotherAmountOrIndex(uint256 seed, uint256 count, uint32 index, uint128 amount)
        external
        view
    {
        uint128[] memory cumulatives = amounts(seed, bound(count, 2, 40));
        PayoutTreeFixture.Tree memory tree = PayoutTreeFixture.build(cumulatives);
        uint256 proven = seed % cumulatives.length;
        vm.assume(index != proven || amount != cumulatives[proven]);
        (bytes32 expectedHash,) = tree.rootOf();
        try this.process(tree.prove(proven), index, amount) returns (bytes32 hash, uint128) {
            assertNotEq(hash, expectedHash);
        } catch (bytes memory reason) {
            assertEq(bytes4(reason), PayoutTree.ProofInvalid.selector);
        }
    }

    function test_error_IndexBeyondDepth() external {
        bytes memory siblings = new bytes(48 * 3);
        this.process(siblings, 7, 1);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.process(siblings, 8, 1);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.process("", 1, 1);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.processRun(siblings, 8, new uint128[](1), "");
    }

    function testFuzz_error_SiblingsNotWhole(uint256 length) external {
        length = bound(length, 1, 500);
        vm.assume(length % 48 != 0);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.process(new bytes(length), 0, 1);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.processRun(new bytes(length), 0, new uint128[](1), "");
    }

    function test_error_EmptyRun() external {
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.processRun("", 0, new uint128[](0), "");
    }

    function test_error_RunBeyondTheLastIndex() external {
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.processRun(new bytes(48 * 32), type(uint32).max, new uint128[](2), "");
    }

    function test_error_TooFewSiblings() external {
        // Positions 1 and 2 need a sibling on either side; what follows in the calldata must not stand in for them.
        bytes memory follows = new bytes(480);
        this.processRun(new bytes(48 * 2), 1, new uint128[](2), follows);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.processRun(new bytes(48), 1, new uint128[](2), follows);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.processRun("", 1, new uint128[](2), follows);
    }

    function test_error_SumOverflows() external {
        bytes memory sibling = abi.encodePacked(bytes32(uint256(1)), type(uint128).max);
        (, uint128 sum) = this.process(sibling, 0, 0);
        assertEq(sum, type(uint128).max);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.process(sibling, 0, 1);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.process(bytes.concat(sibling, new bytes(48)), 0, 1);
        uint128[] memory two = new uint128[](2);
        (two[0], two[1]) = (type(uint128).max, 1);
        vm.expectRevert(PayoutTree.ProofInvalid.selector);
        this.processRun("", 0, two, "");
    }

    function amounts(uint256 seed, uint256 count) private pure returns (uint128[] memory result) {
        result = new uint128[](count);
        for (uint256 i = 0; i < count; ++i) {
            result[i] = uint128(uint256(keccak256(abi.encode(seed, i)))) >> 8;
        }
    }

    function slice(uint128[] memory all, uint256 first, uint256 width)
        private
        pure
        returns (uint128[] memory part)
    {
        part = new uint128[](width);
        for (uint256 i = 0; i < width; ++i) {
            part[i] = all[first + i];
        }
    }
}
