// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICredits} from "./interfaces/ICredits.sol";
import {IPayments, Redemption, Voucher} from "./interfaces/IPayments.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract Payments is IPayments, EIP712 {
    bytes32 private constant VOUCHER = keccak256(
        "Voucher(bytes28 network,address payer,address seller,uint8 program,uint128 cumulative,uint64 expiresAt)"
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
        Due memory due = _dueOf(voucher, signature, metered);
        if (due.fault != 0) _revert(due, voucher, signature, metered);
        (uint128 burned, uint128 toSeller) = _spend(voucher, due, metered);
        CREDITS.payOut(voucher.network, msg.sender, burned, toSeller);
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
            Due memory due = _dueOf(r.voucher, r.signature, r.metered);
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

    function _dueOf(Voucher calldata v, bytes calldata signature, uint128 metered)
        private
        view
        returns (Due memory due)
    {
        if (msg.sender != v.seller) return _fault(NotSeller.selector);
        if (v.program >= PROGRAMS) return _fault(ProgramUnknown.selector);
        if (block.timestamp >= v.expiresAt) return _fault(VoucherExpired.selector);
        (address signer, ECDSA.RecoverError flaw,) = ECDSA.tryRecover(voucherDigest(v), signature);
        if (flaw != ECDSA.RecoverError.NoError || signature.length != 65) {
            return _fault(SignatureMalformed.selector);
        }
        if (signer != v.payer && block.timestamp >= _until[v.network][v.payer][signer]) {
            return _fault(SignerNotAllowed.selector);
        }
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
        if (due.fault == NotSeller.selector) revert NotSeller(msg.sender, v.seller);
        if (due.fault == ProgramUnknown.selector) revert ProgramUnknown(v.program);
        if (due.fault == VoucherExpired.selector) revert VoucherExpired(v.expiresAt, block.timestamp);
        if (due.fault == SignatureMalformed.selector) revert SignatureMalformed();
        if (due.fault == NothingDue.selector) revert NothingDue(due.redeemed, v.cumulative, metered);
        if (due.fault == AccountEmpty.selector) revert AccountEmpty(v.network, v.payer);
        (address signer,,) = ECDSA.tryRecover(voucherDigest(v), signature);
        revert SignerNotAllowed(v.payer, signer);
    }
}
