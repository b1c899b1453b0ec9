// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {Bn254, G1Point, G2Point} from "../src/libraries/Bn254.sol";

/// @notice The curve against what TypeScript computed with another library (specs/vectors/bn254.json) and what others publish (drand.json).
contract Bn254Test is Test {
    uint256 private constant P = Bn254.P;
    /// @dev EIP-196: the order of G1.
    uint256 private constant ORDER = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
    bytes private constant TAG = "BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_";

    uint256 private secret;
    G2Point private key;

    function setUp() external {
        string memory json = load("bn254");
        secret = vm.parseJsonUint(json, ".secret");
        key = pointAt(json, ".publicKey");
    }

    // Calls of its own, so that a refusal can be expected.

    function map(uint256 u) external view returns (G1Point memory) {
        return Bn254.mapToCurve(u);
    }

    function verify(G1Point memory signature, bytes memory message) external view returns (bool) {
        return Bn254.verify(signature, key, message, TAG);
    }

    // hashing

    function test_mapToCurve_default() external view {
        string memory json = load("bn254");
        for (uint256 i = 0; i < 32; ++i) {
            string memory path = string.concat(".maps[", vm.toString(i), "]");
            G1Point memory point = Bn254.mapToCurve(vm.parseJsonUint(json, string.concat(path, ".u")));
            assertSame(point, json, path);
        }
    }

    function test_hashToCurve_default() external view {
        string memory json = load("bn254");
        assertEq(vm.parseJsonString(json, ".tag"), string(TAG));
        for (uint256 i = 0; i < 12; ++i) {
            string memory path = string.concat(".hashes[", vm.toString(i), "]");
            bytes memory message = vm.parseJsonBytes(json, string.concat(path, ".message"));
            (uint256 u0, uint256 u1) = Bn254.hashToField(message, TAG);
            assertEq(u0, vm.parseJsonUint(json, string.concat(path, ".u0")));
            assertEq(u1, vm.parseJsonUint(json, string.concat(path, ".u1")));
            assertSame(Bn254.hashToCurve(message, TAG), json, path);
        }
    }

    function test_hashToCurve_behavior_AsOthersDo() external view {
        string memory json = load("drand");
        for (uint256 i = 0; i < 3; ++i) {
            string memory path = string.concat(".hashes[", vm.toString(i), "]");
            G1Point memory point = Bn254.hashToCurve(
                vm.parseJsonBytes(json, string.concat(path, ".message")),
                bytes(vm.parseJsonString(json, string.concat(path, ".tag")))
            );
            assertEq(abi.encode(point), vm.parseJsonBytes(json, string.concat(path, ".point")));
        }
    }

    function testFuzz_mapToCurve_behavior_OnTheCurveWithTheParityOfU(uint256 u) external view {
        u = bound(u, 0, P - 1);
        G1Point memory point = Bn254.mapToCurve(u);
        assertTrue(Bn254.isOnCurve(point));
        assertEq(point.y & 1, u & 1);
    }

    function test_mapToCurve_error_NoPowers() external {
        vm.mockCall(address(5), bytes(""), bytes(""));
        vm.expectRevert(abi.encodeWithSelector(Bn254.PrecompileFailed.selector, address(5)));
        this.map(3);
    }

    // signatures

    function test_verify_default() external view {
        string memory json = load("bn254");
        for (uint256 i = 0; i < 2; ++i) {
            string memory path = string.concat(".signatures[", vm.toString(i), "]");
            bytes memory message = vm.parseJsonBytes(json, string.concat(path, ".message"));
            assertSame(sign(message), json, path);
            assertTrue(Bn254.verify(sign(message), key, message, TAG));
        }
    }

    function testFuzz_verify_default(bytes calldata message) external view {
        assertTrue(Bn254.verify(sign(message), key, message, TAG));
    }

    function testFuzz_verify_error_OtherMessageOrTag(bytes calldata message, bytes calldata other)
        external
        view
    {
        vm.assume(keccak256(message) != keccak256(other));
        assertFalse(Bn254.verify(sign(message), key, other, TAG));
        assertFalse(Bn254.verify(sign(message), key, message, "another tag"));
    }

    function testFuzz_verify_error_FlippedSign(bytes calldata message) external view {
        G1Point memory signature = sign(message);
        assertFalse(Bn254.verify(G1Point(signature.x, P - signature.y), key, message, TAG));
    }

    /// @dev The same residues, written larger.
    function testFuzz_verify_error_CoordinatesNotReduced(bytes calldata message, uint256 more) external view {
        G1Point memory signature = sign(message);
        more = bound(more, 1, 4);
        assertFalse(Bn254.verify(G1Point(signature.x + more * P, signature.y), key, message, TAG));
        assertFalse(Bn254.verify(G1Point(signature.x, signature.y + more * P), key, message, TAG));
    }

    function test_verify_error_AtInfinity() external view {
        assertFalse(Bn254.verify(G1Point(0, 0), key, "", TAG));
        assertFalse(Bn254.verify(G1Point(P, P), key, "", TAG));
    }

    function test_verify_error_NoPairing() external {
        G1Point memory signature = sign("");
        vm.mockCall(address(8), bytes(""), bytes(""));
        vm.expectRevert(abi.encodeWithSelector(Bn254.PrecompileFailed.selector, address(8)));
        this.verify(signature, "");
    }

    function test_verify_error_NoAddition() external {
        G1Point memory signature = sign("");
        vm.mockCall(address(6), bytes(""), bytes(""));
        vm.expectRevert(abi.encodeWithSelector(Bn254.PrecompileFailed.selector, address(6)));
        this.verify(signature, "");
    }

    // keys

    function test_isKey_default() external view {
        assertTrue(Bn254.isKey(key));
    }

    function test_isKey_error_NotOfTheGroup() external view {
        assertFalse(Bn254.isKey(G2Point(0, 0, 0, 0)), "at infinity");
        assertFalse(Bn254.isKey(G2Point(key.xReal, key.xImaginary, key.yReal, key.yImaginary)), "swapped");
        assertFalse(
            Bn254.isKey(G2Point(key.xImaginary + P, key.xReal, key.yImaginary, key.yReal)), "not reduced"
        );
        assertFalse(Bn254.isKey(pointAt(load("bn254"), ".outsideG2")), "on the twist alone");
    }

    function testFuzz_isKey_error_Garbage(uint256[4] calldata words) external view {
        assertFalse(Bn254.isKey(G2Point(words[0], words[1], words[2], words[3])));
        assertFalse(Bn254.isKey(G2Point(words[0] % P, words[1] % P, words[2] % P, words[3] % P)));
    }

    function sign(bytes memory message) private view returns (G1Point memory) {
        return times(Bn254.hashToCurve(message, TAG), secret);
    }

    function times(G1Point memory point, uint256 factor) private view returns (G1Point memory) {
        (bool done, bytes memory product) = address(7).staticcall(abi.encode(point, factor));
        assertTrue(done);
        return abi.decode(product, (G1Point));
    }

    function load(string memory name) private view returns (string memory) {
        return vm.readFile(string.concat("specs/vectors/", name, ".json"));
    }

    function pointAt(string memory json, string memory path) private pure returns (G2Point memory) {
        uint256[] memory words = vm.parseJsonUintArray(json, path);
        return G2Point(words[0], words[1], words[2], words[3]);
    }

    function assertSame(G1Point memory point, string memory json, string memory path) private pure {
        assertEq(point.x, vm.parseJsonUint(json, string.concat(path, ".x")));
        assertEq(point.y, vm.parseJsonUint(json, string.concat(path, ".y")));
    }
}
