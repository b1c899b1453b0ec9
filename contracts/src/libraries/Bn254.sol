// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Point of G1: y² = x³ + 3 over F_p.
struct G1Point {
    uint256 x;
    uint256 y;
}

/// @notice Point of G2, over F_p²; the imaginary part first, as EIP-197 and drand write it.
struct G2Point {
    uint256 xImaginary;
    uint256 xReal;
    uint256 yImaginary;
    uint256 yReal;
}

/// @notice BLS signatures on the curve BN254 of EIP-196 and EIP-197, with signatures on G1 and keys on G2: the suite whose tag ends in
///         BN254G1_XMD:KECCAK-256_SVDW_RO, hashing to the curve as RFC 9380 says.
/// @dev G1 has prime order, so that being on the curve is being in the group, and no cofactor has to be cleared.
library Bn254 {
    /// @dev A precompile gave no answer, for want of gas or because this chain has none there.
    error PrecompileFailed(address precompile);

    /// @dev EIP-196: the field's modulus p, 3 modulo 4.
    uint256 internal constant P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;

    uint256 private constant POWER = 0x05;
    uint256 private constant ADD = 0x06;
    uint256 private constant PAIRING = 0x08;

    // EIP-197: the generator of G2.
    uint256 private constant G2_X_IMAGINARY =
        0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2;
    uint256 private constant G2_X_REAL = 0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed;
    uint256 private constant G2_Y_IMAGINARY =
        0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b;
    uint256 private constant G2_Y_REAL = 0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa;

    // RFC 9380, section 6.6.1, for A = 0, B = 3 and Z = 1, which is what find_z_svdw of its appendix H.1 finds.
    uint256 private constant C1 = 4; // g(Z)
    uint256 private constant C2 = (P - 1) / 2; // −Z / 2
    uint256 private constant C3 = 0x16789af3a83522eb353c98fc6b36d713d5d8d1cc5dffffffa; // the even root of −g(Z) · (3 · Z² + 4 · A)
    uint256 private constant C4 = 0x10216f7ba065e00de81ac1e7808072c9dd2b2385cd7b438469602eb24829a9bd; // −4 · g(Z) / (3 · Z² + 4 · A)

    /// @notice Whether `signature` is the key's over the message. False for whatever is not a point of the curve, the one at infinity included.
    /// @dev The key has to be one that `isKey` accepts. Reverts with PrecompileFailed where there is no pairing to ask.
    function verify(G1Point memory signature, G2Point memory key, bytes memory message, bytes memory tag)
        internal
        view
        returns (bool)
    {
        if (!isOnCurve(signature)) return false;
        // e(signature, G2) = e(H(message), key), as a product that is one. No point of odd order has y = 0.
        signature = G1Point(signature.x, P - signature.y);
        (bool answered, bool isOne) = _pair(
            signature,
            G2Point(G2_X_IMAGINARY, G2_X_REAL, G2_Y_IMAGINARY, G2_Y_REAL),
            hashToCurve(message, tag),
            key
        );
        if (!answered) revert PrecompileFailed(address(uint160(PAIRING)));
        return isOne;
    }

    /// @notice Whether the point is of G2 and not the one at infinity, under which the pairing would tell nothing.
    function isKey(G2Point memory key) internal view returns (bool) {
        if (key.xImaginary | key.xReal | key.yImaginary | key.yReal == 0) return false;
        // e(G1, key) · e(−G1, key) is one for every point of the group; EIP-197 refuses the others.
        (bool answered, bool isOne) = _pair(G1Point(1, 2), key, G1Point(1, P - 2), key);
        return answered && isOne;
    }

    /// @notice Whether both coordinates are below p and fulfil the curve's equation. The point at infinity, written (0, 0), does not.
    function isOnCurve(G1Point memory point) internal pure returns (bool) {
        if (point.x >= P || point.y >= P) return false;
        return mulmod(point.y, point.y, P) == _curve(point.x);
    }

    /// @notice hash_to_curve of RFC 9380, section 3. `tag` is the domain separation tag, of at most 255 bytes.
    function hashToCurve(bytes memory message, bytes memory tag) internal view returns (G1Point memory sum) {
        (uint256 u0, uint256 u1) = hashToField(message, tag);
        G1Point memory first = mapToCurve(u0);
        G1Point memory second = mapToCurve(u1);
        bool added;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mcopy(input, first, 0x40)
            mcopy(add(input, 0x40), second, 0x40)
            added := staticcall(gas(), ADD, input, 0x80, sum, 0x40)
            added := and(added, eq(returndatasize(), 0x40))
        }
        if (!added) revert PrecompileFailed(address(uint160(ADD)));
    }

    /// @notice hash_to_field of RFC 9380, section 5.2, for two elements of L = 48 bytes each.
    function hashToField(bytes memory message, bytes memory tag)
        internal
        pure
        returns (uint256 u0, uint256 u1)
    {
        (bytes32 b1, bytes32 b2, bytes32 b3) = _expand(message, tag);
        u0 = addmod(mulmod(uint256(b1), 1 << 128, P), uint256(b2) >> 128, P);
        // 2²⁵⁶ modulo p, for the upper 16 bytes of 48.
        uint256 shift = addmod(type(uint256).max, 1, P);
        u1 = addmod(mulmod(uint128(uint256(b2)), shift, P), uint256(b3), P);
    }

    /// @notice map_to_curve_svdw of RFC 9380, section 6.6.1, in the order of its appendix F.1.
    function mapToCurve(uint256 u) internal view returns (G1Point memory point) {
        uint256 tv1 = mulmod(mulmod(u, u, P), C1, P);
        uint256 tv2 = addmod(1, tv1, P);
        tv1 = addmod(1, P - tv1, P);
        // inv0: zero to the power p − 2 is zero.
        uint256 tv3 = _power(mulmod(tv1, tv2, P), P - 2);
        uint256 tv4 = mulmod(mulmod(mulmod(u, tv1, P), tv3, P), C3, P);

        // Where g(x) is a square, its power is the root; where not, the root of another. So the root is tried at once, x by x; g(x3) is a
        // square when the others are not.
        (uint256 x, uint256 y, bool isSquare) = _trial(addmod(C2, P - tv4, P));
        if (!isSquare) (x, y, isSquare) = _trial(addmod(C2, tv4, P));
        if (!isSquare) {
            uint256 x3 = mulmod(mulmod(tv2, tv2, P), tv3, P);
            (x, y,) = _trial(addmod(mulmod(mulmod(x3, x3, P), C4, P), 1, P));
        }
        // sgn0, section 4.1: the root with u's parity.
        if ((u ^ y) & 1 != 0) y = P - y;
        return G1Point(x, y);
    }

    /// @dev expand_message_xmd of RFC 9380, section 5.3.1, with keccak-256 (blocks of 136 bytes), for 96 bytes.
    function _expand(bytes memory message, bytes memory tag)
        private
        pure
        returns (bytes32 b1, bytes32 b2, bytes32 b3)
    {
        bytes memory tail = abi.encodePacked(tag, uint8(tag.length));
        bytes32 b0 = keccak256(abi.encodePacked(new bytes(136), message, uint16(96), uint8(0), tail));
        b1 = keccak256(abi.encodePacked(b0, uint8(1), tail));
        b2 = keccak256(abi.encodePacked(b0 ^ b1, uint8(2), tail));
        b3 = keccak256(abi.encodePacked(b0 ^ b2, uint8(3), tail));
    }

    /// @dev y = g(x)^((p + 1) / 4), a root of g(x) when it has one (RFC 9380, appendix I.1).
    function _trial(uint256 x) private view returns (uint256, uint256 y, bool isSquare) {
        uint256 square = _curve(x);
        y = _power(square, (P + 1) / 4);
        return (x, y, mulmod(y, y, P) == square);
    }

    /// @dev g(x) = x³ + 3
    function _curve(uint256 x) private pure returns (uint256) {
        return addmod(mulmod(mulmod(x, x, P), x, P), 3, P);
    }

    /// @dev base^exponent modulo p (EIP-198).
    function _power(uint256 base, uint256 exponent) private view returns (uint256 result) {
        bool answered;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, 0x20)
            mstore(add(input, 0x20), 0x20)
            mstore(add(input, 0x40), 0x20)
            mstore(add(input, 0x60), base)
            mstore(add(input, 0x80), exponent)
            mstore(add(input, 0xa0), P)
            answered := staticcall(gas(), POWER, input, 0xc0, 0x00, 0x20)
            // An address without code succeeds and returns nothing: the size has to be looked at too.
            answered := and(answered, eq(returndatasize(), 0x20))
            result := mload(0x00)
        }
        if (!answered) revert PrecompileFailed(address(uint160(POWER)));
    }

    /// @dev Whether e(a, b) · e(c, d) is one. The precompile answers nothing where a point is not of its group.
    function _pair(G1Point memory a, G2Point memory b, G1Point memory c, G2Point memory d)
        private
        view
        returns (bool answered, bool isOne)
    {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mcopy(input, a, 0x40)
            mcopy(add(input, 0x40), b, 0x80)
            mcopy(add(input, 0xc0), c, 0x40)
            mcopy(add(input, 0x100), d, 0x80)
            answered := staticcall(gas(), PAIRING, input, 0x180, 0x00, 0x20)
            answered := and(answered, eq(returndatasize(), 0x20))
            isOne := and(answered, eq(mload(0x00), 1))
        }
    }
}
