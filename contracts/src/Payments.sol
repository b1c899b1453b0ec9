// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICredits} from "./interfaces/ICredits.sol";
import {IPayments, Meter, Redemption, Voucher} from "./interfaces/IPayments.sol";
import {WalletSignature} from "./libraries/WalletSignature.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract Payments is IPayments, EIP712 {
    bytes32 private constant VOUCHER = keccak256(
        "Voucher(bytes28 network,address payer,address seller,uint8 program,uint128 cumulative,uint64 expiresAt)"
    );
    bytes32 private constant METER = keccak256(
        "Meter(bytes28 network,address payer,address seller,uint8 program,uint128 metered,uint64 expiresAt)"
    );
    uint256 private constant MOST_IN_A_BATCH = 200;
    uint8 private constant PROGRAMS = 4;

    /// @dev What one voucher gives, before anything is paid out.
    struct Due {
        bytes4 fault; // zero: something is due
        uint128 redeemed;
        uint128 credits;
    }

    ICredits private immutable CREDITS;

    mapping(
        NetworkId => mapping(address payer => mapping(address seller => mapping(uint8 program => uint128)))
    ) private _redeemed;
    mapping(NetworkId => mapping(address payer => mapping(address signer => uint64))) private _until;

    constructor(address credits) EIP712("Cairn", "1") {
        CREDITS = ICredits(credits);
    }

    /// @inheritdoc IPayments
    function setSigner(NetworkId network, address signer, uint64 until) external {
        if (signer == msg.sender) revert SelfSigner();
        uint64 before = _until[network][msg.sender][signer];
        uint64 notice = uint64(block.timestamp) + CREDITS.termsOf(network).refundSeconds;
        uint64 soonest = before < notice ? before : notice;
        if (until < soonest) until = soonest;
        _until[network][msg.sender][signer] = until;
        emit SignerSet(network, msg.sender, signer, until);
    }

    /// @inheritdoc IPayments
    function redeem(Voucher calldata voucher, bytes calldata signature, uint128 metered)
        external
        returns (uint128 paid)
    {
        if (msg.sender != voucher.seller) revert NotSeller(msg.sender, voucher.seller);
        Due memory due = _dueOf(voucher, signature, metered);
        if (due.fault != 0) _revert(due, voucher, signature, metered);
        (uint128 burned, uint128 toSeller) = _spend(voucher, due, metered);
        CREDITS.payOut(voucher.network, msg.sender, burned, toSeller);
        return due.credits;
    }

    /// @inheritdoc IPayments
    function redeemFor(
        Voucher calldata voucher,
        bytes calldata payerSignature,
        Meter calldata meter,
        bytes calldata sellerSignature
    ) external returns (uint128 paid) {
        _checkMeter(voucher, meter, sellerSignature);
        // As in redeem: a function between the two would cost each 230 gas.
        uint128 metered = meter.metered;
        Due memory due = _dueOf(voucher, payerSignature, metered);
        if (due.fault != 0) _revert(due, voucher, payerSignature, metered);
        (uint128 burned, uint128 toSeller) = _spend(voucher, due, metered);
        CREDITS.payOut(voucher.network, voucher.seller, burned, toSeller);
        return due.credits;
    }

    /// @inheritdoc IPayments
    function redeemBatch(NetworkId network, Redemption[] calldata redemptions)
        external
        returns (uint256 paid)
    {
        if (redemptions.length > MOST_IN_A_BATCH) {
            revert TooMany(redemptions.length, MOST_IN_A_BATCH);
        }
        uint256 burned = 0;
        uint256 toSeller = 0;
        for (uint256 i = 0; i < redemptions.length; ++i) {
            Redemption calldata r = redemptions[i];
            if (r.voucher.network != network) revert NetworksDiffer(network, r.voucher.network);
            Due memory due = msg.sender == r.voucher.seller
                ? _dueOf(r.voucher, r.signature, r.metered)
                : _fault(NotSeller.selector);
            if (due.fault != 0) {
                emit RedemptionSkipped(network, i, due.fault);
                continue;
            }
            (uint128 b, uint128 s) = _spend(r.voucher, due, r.metered);
            burned += b;
            toSeller += s;
            paid += due.credits;
        }
        if (burned + toSeller > 0) CREDITS.payOut(network, msg.sender, burned, toSeller);
    }

    /// @inheritdoc IPayments
    function redeemedOf(NetworkId network, address payer, address seller, uint8 program)
        external
        view
        returns (uint128)
    {
        return _redeemed[network][payer][seller][program];
    }

    /// @inheritdoc IPayments
    function signerUntil(NetworkId network, address payer, address signer) external view returns (uint64) {
        return _until[network][payer][signer];
    }

    /// @inheritdoc IPayments
    function voucherDigest(Voucher calldata v) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(VOUCHER, v.network, v.payer, v.seller, v.program, v.cumulative, v.expiresAt))
        );
    }

    /// @inheritdoc IPayments
    function meterDigest(Meter calldata m) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(METER, m.network, m.payer, m.seller, m.program, m.metered, m.expiresAt))
        );
    }

    function _checkMeter(Voucher calldata v, Meter calldata m, bytes calldata signature) private view {
        if (m.network != v.network || m.payer != v.payer || m.seller != v.seller || m.program != v.program) {
            revert MeterOfAnother(m.network, m.payer, m.seller, m.program);
        }
        if (block.timestamp >= m.expiresAt) revert MeterExpired(m.expiresAt, block.timestamp);
        bytes32 digest = meterDigest(m);
        (address signer, ECDSA.RecoverError flaw,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (flaw == ECDSA.RecoverError.NoError && signature.length == 65) {
            if (signer == m.seller || block.timestamp < _until[m.network][m.seller][signer]) return;
        }
        if (!WalletSignature.isBy(m.seller, digest, signature)) revert MeterNotSigned(m.seller);
    }

    function _dueOf(Voucher calldata v, bytes calldata signature, uint128 metered)
        private
        view
        returns (Due memory due)
    {
        if (v.program >= PROGRAMS) return _fault(ProgramUnknown.selector);
        if (block.timestamp >= v.expiresAt) return _fault(VoucherExpired.selector);
        bytes4 flaw = _flawOf(v, signature);
        if (flaw != 0) return _fault(flaw);
        due.redeemed = _redeemed[v.network][v.payer][v.seller][v.program];
        uint128 served = v.cumulative < metered ? v.cumulative : metered;
        if (served <= due.redeemed) {
            due.fault = NothingDue.selector;
            return due;
        }
        uint128 has = CREDITS.accountOf(v.network, v.payer).credits;
        if (has == 0) return _fault(AccountEmpty.selector);
        due.credits = uint128(Math.min(served - due.redeemed, has));
    }

    /// @dev Zero for a signature of the payer, or of who may sign for it. A wallet is asked last: who signs with a key never pays for it.
    function _flawOf(Voucher calldata v, bytes calldata signature) private view returns (bytes4) {
        bytes32 digest = voucherDigest(v);
        (address signer, ECDSA.RecoverError flaw,) = ECDSA.tryRecoverCalldata(digest, signature);
        bool malformed = flaw != ECDSA.RecoverError.NoError || signature.length != 65;
        if (!malformed) {
            if (signer == v.payer || block.timestamp < _until[v.network][v.payer][signer]) return 0;
        }
        if (WalletSignature.isBy(v.payer, digest, signature)) return 0;
        return malformed ? SignatureMalformed.selector : SignerNotAllowed.selector;
    }

    function _spend(Voucher calldata v, Due memory due, uint128 metered)
        private
        returns (uint128 burned, uint128 toSeller)
    {
        _redeemed[v.network][v.payer][v.seller][v.program] = due.redeemed + due.credits;
        emit Redeemed(v.network, v.payer, v.seller, v.program, due.credits, v.cumulative, metered);
        return CREDITS.spend(v.network, v.payer, v.seller, v.program, due.credits);
    }

    function _fault(bytes4 selector) private pure returns (Due memory due) {
        due.fault = selector;
    }

    /// @dev The error in full, which a batch names by its selector alone.
    function _revert(Due memory due, Voucher calldata v, bytes calldata signature, uint128 metered)
        private
        view
    {
        if (due.fault == ProgramUnknown.selector) revert ProgramUnknown(v.program);
        if (due.fault == VoucherExpired.selector) revert VoucherExpired(v.expiresAt, block.timestamp);
        if (due.fault == SignatureMalformed.selector) revert SignatureMalformed();
        if (due.fault == NothingDue.selector) revert NothingDue(due.redeemed, v.cumulative, metered);
        if (due.fault == AccountEmpty.selector) revert AccountEmpty(v.network, v.payer);
        (address signer,,) = ECDSA.tryRecoverCalldata(voucherDigest(v), signature);
        revert SignerNotAllowed(v.payer, signer);
    }
}
