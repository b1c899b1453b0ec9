// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The accepted roots of a network, oldest first. Removing one cuts what stands on it in O(1): places past the length are stale.
library RootChain {
    struct Chain {
        uint32 length;
        mapping(uint32 position => bytes32 rootId) at;
    }

    function head(Chain storage chain) internal view returns (bytes32) {
        uint32 length = chain.length;
        return length == 0 ? bytes32(0) : chain.at[length - 1];
    }

    function contains(Chain storage chain, bytes32 rootId, uint32 position) internal view returns (bool) {
        return position < chain.length && chain.at[position] == rootId;
    }

    function append(Chain storage chain, bytes32 rootId) internal returns (uint32 position) {
        position = chain.length;
        chain.at[position] = rootId;
        chain.length = position + 1;
    }

    function cut(Chain storage chain, uint32 position) internal {
        chain.length = position;
    }
}
