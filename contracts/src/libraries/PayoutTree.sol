// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The payout tree of spec 5: a sum tree over device indexes, whose leaves are cumulative amounts.
/// @dev Preimages, by tag: leaf 20 ‖ index u32 ‖ cumulative u128; node 21 ‖ left hash ‖ left sum u128 ‖ right hash ‖ right sum u128; empty 22;
///      top 2f ‖ hash ‖ sum u128. A sibling in a proof is hash (32) ‖ sum u128 (16).
library PayoutTree {
    /// @dev The selector is that of IRewardVault.ProofInvalid.
    error ProofInvalid();

    uint256 private constant SIBLING_BYTES = 48;

    function leaf(uint32 index, uint128 cumulative) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0x00, or(or(shl(248, 0x20), shl(216, index)), shl(88, cumulative)))
            hash := keccak256(0x00, 21)
        }
    }

    function empty() internal pure returns (bytes32) {
        return keccak256(hex"22");
    }

    /// @notice Hash of the node over two children; its sum is theirs added up, which is the caller's to check.
    function node(bytes32 leftHash, uint128 leftSum, bytes32 rightHash, uint128 rightSum)
        internal
        pure
        returns (bytes32 hash)
    {
        assembly ("memory-safe") {
            let preimage := mload(0x40)
            mstore8(preimage, 0x21)
            mstore(add(preimage, 1), leftHash)
            mstore(add(preimage, 33), shl(128, leftSum))
            mstore(add(preimage, 49), rightHash)
            mstore(add(preimage, 81), shl(128, rightSum))
            hash := keccak256(preimage, 97)
        }
    }

    function top(bytes32 hash, uint128 sum) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let preimage := mload(0x40)
            mstore8(preimage, 0x2f)
            mstore(add(preimage, 1), hash)
            mstore(add(preimage, 33), shl(128, sum))
            result := keccak256(preimage, 49)
        }
    }

    /// @notice The root node that a leaf and its siblings, from the leaf up, add up to.
    /// @dev Reverts with ProofInvalid when the siblings are not whole, the index does not fit their depth, or a sum leaves u128.
    function process(bytes calldata siblings, uint32 index, bytes32 leafHash, uint128 leafSum)
        internal
        pure
        returns (bytes32 hash, uint128 sum)
    {
        if (siblings.length % SIBLING_BYTES != 0) revert ProofInvalid();
        uint256 total = leafSum;
        uint256 position = index;
        hash = leafHash;
        assembly ("memory-safe") {
            // The preimage is put together in the first words of memory, over the free pointer and the zero word, which are put back:
            // constant addresses are cheapest, and this is most of what a claim computes.
            let free := mload(0x40)
            let cursor := siblings.offset
            let end := add(cursor, siblings.length)
            mstore8(0, 0x21)
            // Own half and sibling's lie at 1 and 49, or the other way round. The sum is stored as a whole word, of which the hash then
            // covers the upper half: it is zero, or the proof is refused in the end.
            // The levels that are no four, one by one …
            for { let fours := add(cursor, mod(siblings.length, 192)) } lt(cursor, fours) {} {
                let swap := mul(48, and(position, 1))
                mstore(add(swap, 17), total)
                mstore(add(swap, 1), hash)
                calldatacopy(sub(49, swap), cursor, SIBLING_BYTES)
                total := add(total, shr(128, calldataload(add(cursor, 32))))
                hash := keccak256(0, 97)
                position := shr(1, position)
                cursor := add(cursor, SIBLING_BYTES)
            }
            // … and then four at a time, so that the loop costs a quarter. The position's lowest bits, one by one, are brought to 48 or zero.
            for {} lt(cursor, end) {} {
                {
                    let swap := mul(48, and(position, 1))
                    mstore(add(swap, 17), total)
                    mstore(add(swap, 1), hash)
                    calldatacopy(sub(49, swap), cursor, SIBLING_BYTES)
                    total := add(total, shr(128, calldataload(add(cursor, 32))))
                    hash := keccak256(0, 97)
                }
                {
                    let swap := mul(24, and(position, 2))
                    mstore(add(swap, 17), total)
                    mstore(add(swap, 1), hash)
                    calldatacopy(sub(49, swap), add(cursor, 48), SIBLING_BYTES)
                    total := add(total, shr(128, calldataload(add(cursor, 80))))
                    hash := keccak256(0, 97)
                }
                {
                    let swap := mul(12, and(position, 4))
                    mstore(add(swap, 17), total)
                    mstore(add(swap, 1), hash)
                    calldatacopy(sub(49, swap), add(cursor, 96), SIBLING_BYTES)
                    total := add(total, shr(128, calldataload(add(cursor, 128))))
                    hash := keccak256(0, 97)
                }
                {
                    let swap := mul(6, and(position, 8))
                    mstore(add(swap, 17), total)
                    mstore(add(swap, 1), hash)
                    calldatacopy(sub(49, swap), add(cursor, 144), SIBLING_BYTES)
                    total := add(total, shr(128, calldataload(add(cursor, 176))))
                    hash := keccak256(0, 97)
                }
                position := shr(4, position)
                cursor := add(cursor, 192)
            }
            mstore(0x40, free)
            mstore(0x60, 0)
        }
        // Sums only grow on the way up, so it is enough to look at the last one; no proof is long enough to wrap 256 bits.
        // A position left over means that the tree is not deep enough to have the index.
        if (total >> 128 != 0 || position != 0) revert ProofInvalid();
        sum = uint128(total);
    }

    /// @notice The root node over the leaves first … first + cumulatives.length − 1 and their multiproof: level by level, the sibling on the
    ///         left where the run begins at an odd position, then the one on the right where it ends at an even one.
    /// @dev Reverts with ProofInvalid as `process` does, and where the run is empty or the siblings are too few.
    function processRun(bytes calldata siblings, uint32 first, uint128[] calldata cumulatives)
        internal
        pure
        returns (bytes32 hash, uint128 sum)
    {
        uint256 width = cumulatives.length;
        unchecked {
            if (width == 0 || uint256(first) + width > 1 << 32 || siblings.length % SIBLING_BYTES != 0) {
                revert ProofInvalid();
            }
        }
        // Where the level being worked on lies, as (hash, sum) pairs; parents overwrite it from the front.
        uint256 level;
        assembly ("memory-safe") {
            level := mload(0x40)
            mstore(0x40, add(level, shl(6, width)))
        }
        for (uint256 i = 0; i < width; ++i) {
            uint128 cumulative = cumulatives[i];
            bytes32 leafHash = leaf(uint32(first + i), cumulative);
            assembly ("memory-safe") {
                let at := add(level, shl(6, i))
                mstore(at, leafHash)
                mstore(add(at, 0x20), cumulative)
            }
        }
        bool malformed;
        assembly ("memory-safe") {
            let preimage := mload(0x40)
            mstore8(preimage, 0x21)
            let cursor := siblings.offset
            let end := add(cursor, siblings.length)
            let position := first

            for {} or(gt(width, 1), lt(cursor, end)) {} {
                let from := level
                let until := add(level, shl(6, width))
                let to := level
                let left := and(position, 1)
                for {} lt(from, until) {} {
                    let total := 0
                    // Left child: a sibling for the first node of a run that begins at an odd position.
                    switch left
                    case 1 {
                        total := shr(128, calldataload(add(cursor, 32)))
                        calldatacopy(add(preimage, 1), cursor, SIBLING_BYTES)
                        cursor := add(cursor, SIBLING_BYTES)
                        left := 0
                    }
                    default {
                        total := mload(add(from, 0x20))
                        mstore(add(preimage, 1), mload(from))
                        mstore(add(preimage, 33), shl(128, total))
                        from := add(from, 0x40)
                    }
                    // Right child: a sibling when the run is over.
                    switch lt(from, until)
                    case 1 {
                        let rightSum := mload(add(from, 0x20))
                        mstore(add(preimage, 49), mload(from))
                        mstore(add(preimage, 81), shl(128, rightSum))
                        total := add(total, rightSum)
                        from := add(from, 0x40)
                    }
                    default {
                        total := add(total, shr(128, calldataload(add(cursor, 32))))
                        calldatacopy(add(preimage, 49), cursor, SIBLING_BYTES)
                        cursor := add(cursor, SIBLING_BYTES)
                    }
                    mstore(to, keccak256(preimage, 97))
                    mstore(add(to, 0x20), total)
                    to := add(to, 0x40)
                }
                // Reading past the end would take the caller's other arguments for siblings.
                if gt(cursor, end) {
                    malformed := 1
                    break
                }
                position := shr(1, position)
                width := shr(6, sub(to, level))
            }
            hash := mload(level)
            sum := mload(add(level, 0x20))
            malformed := or(malformed, iszero(iszero(or(shr(128, sum), position))))
        }
        if (malformed) revert ProofInvalid();
    }
}
