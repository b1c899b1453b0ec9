// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";

/// @notice The fixed header of a report, and the hash its device signs. Spec 2.
library ReportHeader {
    uint256 internal constant LENGTH = 83;
    uint64 internal constant MOST_TIME_MS = 1 << 53;
    uint16 internal constant MOST_OBSERVATIONS = 1_024;
    uint256 internal constant OBSERVATION_BYTES = 1_024;
    uint8 private constant RECORD = 0x03;
    /// @dev Sig_structure of RFC 9052 §4.4 up to the payload: ["Signature1", << {1: -7} >>, h'', h'…83 bytes…'].
    bytes private constant PREFIX = hex"846a5369676e61747572653143a10126405853";

    function hash(bytes calldata header) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(PREFIX, header));
    }

    /// @notice What the evidence commits to: the report hash and the signature that came with it. Spec 3.
    function recordHash(bytes32 reportHash, bytes32 r, bytes32 s) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(RECORD, reportHash, r, s));
    }

    /// @notice Whether these bytes are a header at all: length, version, time, count.
    function isHeader(bytes calldata header) internal pure returns (bool) {
        return header.length == LENGTH && header[0] == 0x01 && uint64(bytes8(header[41:49])) < MOST_TIME_MS
            && count(header) <= MOST_OBSERVATIONS;
    }

    function network(bytes calldata header) internal pure returns (NetworkId) {
        return NetworkId.wrap(bytes28(header[1:29]));
    }

    function device(bytes calldata header) internal pure returns (uint32) {
        return uint32(bytes4(header[29:33]));
    }

    function epoch(bytes calldata header) internal pure returns (uint32) {
        return uint32(bytes4(header[33:37]));
    }

    function count(bytes calldata header) internal pure returns (uint16) {
        return uint16(bytes2(header[49:51]));
    }

    function bodyRoot(bytes calldata header) internal pure returns (bytes32) {
        return bytes32(header[51:83]);
    }
}
