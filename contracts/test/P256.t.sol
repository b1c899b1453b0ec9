// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";
import {P256} from "../src/libraries/P256.sol";

contract P256Test is Test {
    uint256 private constant ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;

    function test_default_ProbeFindsThePrecompile() external view {
        assertTrue(P256.probe());
    }

    function test_error_ProbeWithoutPrecompile() external {
        // An answer that is always "valid" is not the precompile either.
        vm.mockCall(address(0x100), bytes(""), abi.encode(uint256(1)));
        assertFalse(P256.probe());
        vm.mockCall(address(0x100), bytes(""), bytes(""));
        assertFalse(P256.probe());
    }

    function testFuzz_default_Signed(uint256 secret, bytes32 digest) external view {
        (bytes32 x, bytes32 y, bytes32 r, bytes32 s) = signed(secret, digest);
        assertTrue(P256.verify(digest, r, s, x, y));
    }

    function testFuzz_error_HighS(uint256 secret, bytes32 digest) external view {
        (bytes32 x, bytes32 y, bytes32 r, bytes32 s) = signed(secret, digest);
        assertFalse(P256.verify(digest, r, bytes32(ORDER - uint256(s)), x, y));
    }

    function testFuzz_error_AnyBitChanged(uint256 secret, bytes32 digest, uint256 word, uint256 bit)
        external
        view
    {
        (bytes32 x, bytes32 y, bytes32 r, bytes32 s) = signed(secret, digest);
        bytes32[5] memory input = [digest, r, s, x, y];
        word = bound(word, 0, 4);
        input[word] ^= bytes32(1 << bound(bit, 0, 255));
        assertFalse(P256.verify(input[0], input[1], input[2], input[3], input[4]));
    }

    function testFuzz_error_Garbage(bytes32 digest, bytes32 r, bytes32 s, bytes32 x, bytes32 y)
        external
        view
    {
        assertFalse(P256.verify(digest, r, s, x, y));
    }

    function signed(uint256 secret, bytes32 digest)
        private
        pure
        returns (bytes32 x, bytes32 y, bytes32 r, bytes32 s)
    {
        secret = bound(secret, 1, ORDER - 1);
        (uint256 px, uint256 py) = vm.publicKeyP256(secret);
        (r, s) = vm.signP256(secret, digest);
        if (uint256(s) > ORDER / 2) s = bytes32(ORDER - uint256(s));
        return (bytes32(px), bytes32(py), r, s);
    }
}
