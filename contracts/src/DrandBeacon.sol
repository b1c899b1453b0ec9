// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IBeacon} from "./interfaces/IBeacon.sol";
import {Bn254, G1Point, G2Point} from "./libraries/Bn254.sol";

/// @notice The words of one drand chain of the scheme bls-bn254-unchained-on-g1, each checked against the chain's public key before it counts. Anybody
///         brings rounds here; a round has one signature, so whoever brings it chooses nothing. The word of a round is drand's randomness of it.
/// @dev https://docs.drand.love: round r is published at genesis + (r − 1) · period and signs keccak256(r as u64), hashed to G1; its randomness
///      is the SHA-256 of the signature. The public chain "evmnet" is one of these. No owner, and nothing ever changes but that rounds are added.
contract DrandBeacon is IBeacon {
    bytes private constant TAG = "BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_";

    // Round 6 390 578 of evmnet and its key, from the tests of drand-client (specs/vectors/drand.json).
    uint64 private constant PROBE_ROUND = 6_390_578;
    uint256 private constant PROBE_X = 0x0d0d705983f50d6a2846e77d8d12a238f0be277a2307eb3e0d5206dc6765b0f9;
    uint256 private constant PROBE_Y = 0x1f04e596e3b28295086e8fda9047d40d37f7c2d8fb2f6686839101692e4f5f13;
    uint256 private constant PROBE_KEY_X_IMAGINARY =
        0x07e1d1d335df83fa98462005690372c643340060d205306a9aa8106b6bd0b382;
    uint256 private constant PROBE_KEY_X_REAL =
        0x0557ec32c2ad488e4d4f6008f89a346f18492092ccc0d594610de2732c8b808f;
    uint256 private constant PROBE_KEY_Y_IMAGINARY =
        0x0095685ae3a85ba243747b1b2f426049010f6b73a0cf1d389351d5aaaa1047f6;
    uint256 private constant PROBE_KEY_Y_REAL =
        0x297d3a4f9749b33eb2d904c9d9ebf17224150ddd7abd7567a9bec6c74480ee0b;

    uint256 private immutable KEY_X_IMAGINARY;
    uint256 private immutable KEY_X_REAL;
    uint256 private immutable KEY_Y_IMAGINARY;
    uint256 private immutable KEY_Y_REAL;
    uint64 private immutable GENESIS;
    uint64 private immutable PERIOD;

    mapping(uint64 round => bytes32) private _words;

    event RoundSubmitted(uint64 indexed round, bytes32 word);

    /// @dev Something else answers where the precompiles of BN254 should. Where nothing does, Bn254.PrecompileFailed says so.
    error PrecompilesWrong();
    error PublicKeyInvalid();
    error ScheduleInvalid(uint64 genesis, uint64 period);
    error SignatureInvalid(uint64 round);

    /// @param key the chain's public key, in drand's order of the four words
    /// @param genesis_ Unix seconds of round 1
    /// @param period_ seconds from one round to the next
    constructor(G2Point memory key, uint64 genesis_, uint64 period_) {
        if (!_probe()) revert PrecompilesWrong();
        if (!Bn254.isKey(key)) revert PublicKeyInvalid();
        if (genesis_ == 0 || period_ == 0) revert ScheduleInvalid(genesis_, period_);
        (KEY_X_IMAGINARY, KEY_X_REAL) = (key.xImaginary, key.xReal);
        (KEY_Y_IMAGINARY, KEY_Y_REAL) = (key.yImaginary, key.yReal);
        (GENESIS, PERIOD) = (genesis_, period_);
    }

    /// @notice Keeps the word of a round, when the signature is the chain's. Anyone may call; a round that is known stays as it is, and its
    ///         signature is not looked at again.
    /// @param signature drand's 64 bytes: x ‖ y
    function submit(uint64 round, G1Point calldata signature) external returns (bytes32 word) {
        word = _words[round];
        if (word != 0) return word;
        if (!_isSigned(round, signature, publicKey())) revert SignatureInvalid(round);
        word = sha256(abi.encodePacked(signature.x, signature.y));
        _words[round] = word;
        emit RoundSubmitted(round, word);
    }

    /// @inheritdoc IBeacon
    function wordOf(uint64 time) external view returns (bytes32) {
        return _words[roundAt(time)];
    }

    /// @notice The first round published at or after `time` (Unix seconds): the least r ≥ 1 with genesis + (r − 1) · period ≥ time.
    function roundAt(uint64 time) public view returns (uint64) {
        if (time <= GENESIS) return 1;
        // It fits: the genesis is not zero, so the quotient is less than 2⁶⁴ − 1.
        return uint64((uint256(time) - GENESIS + PERIOD - 1) / PERIOD + 1);
    }

    /// @notice The randomness of a round; zero while nobody has brought it.
    function wordOfRound(uint64 round) external view returns (bytes32) {
        return _words[round];
    }

    function publicKey() public view returns (G2Point memory) {
        return G2Point(KEY_X_IMAGINARY, KEY_X_REAL, KEY_Y_IMAGINARY, KEY_Y_REAL);
    }

    function genesis() external view returns (uint64) {
        return GENESIS;
    }

    function period() external view returns (uint64) {
        return PERIOD;
    }

    function _isSigned(uint64 round, G1Point memory signature, G2Point memory key)
        private
        view
        returns (bool)
    {
        bytes32 message = keccak256(abi.encodePacked(round));
        return Bn254.verify(signature, key, abi.encodePacked(message), TAG);
    }

    /// @dev Whether the precompiles do what they should: they accept a round of evmnet and refuse it for the next round.
    function _probe() private view returns (bool) {
        G1Point memory signature = G1Point(PROBE_X, PROBE_Y);
        G2Point memory key =
            G2Point(PROBE_KEY_X_IMAGINARY, PROBE_KEY_X_REAL, PROBE_KEY_Y_IMAGINARY, PROBE_KEY_Y_REAL);
        return _isSigned(PROBE_ROUND, signature, key) && !_isSigned(PROBE_ROUND + 1, signature, key);
    }
}
