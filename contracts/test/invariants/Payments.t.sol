// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    CreditAccount,
    CreditTerms,
    ICredits,
    RefundRequest,
    Spending
} from "../../src/interfaces/ICredits.sol";
import {IPayments, Meter, Redemption, Voucher} from "../../src/interfaces/IPayments.sol";
import {PaymentsWorld} from "../PaymentsWorld.sol";

/// @notice Three payers, who also sell, and what ought to be true of them.
contract CreditsWorld is PaymentsWorld {
    uint256[3] private _keys = [uint256(0xa1), 0xa2, 0xa3];
    mapping(bytes32 action => uint256) public done;
    mapping(address payer => mapping(address seller => mapping(uint8 program => uint128))) private
        _acknowledged;
    uint256 public supplyAtStart;
    uint256 public heldAtStart; // by the payers together
    bool public paidTooMuch;
    bool public paidUnsigned;
    /// @dev By seller of a voucher: what its own meters said at most, said by itself or signed.
    mapping(address payer => mapping(address seller => mapping(uint8 program => uint128))) private _metered;

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < 3; ++i) {
            fund(who(i), address(credits));
        }
        supplyAtStart = token.totalSupply();
        for (uint256 i; i < 3; ++i) {
            heldAtStart += token.balanceOf(who(i));
        }
        vm.warp(GENESIS + 1);
        price(1e8);
    }

    function who(uint256 i) public view returns (address) {
        return vm.addr(_keys[i % 3]);
    }

    function buyCredits(uint256 seed, uint64 amount) external {
        vm.prank(who(seed >> 8));
        try credits.buy(network, who(seed), amount % (50 * USD), type(uint256).max) {
            ++done["buy"];
        } catch {}
    }

    function movePrice(uint256 seed) external {
        vm.warp(vm.getBlockTimestamp() + seed % 400);
        int256 answer = feed.answer();
        if (seed % 8 == 0) answer = 0;
        else if (seed % 8 == 1) answer = 1e8;
        else answer = answer * int256(70 + (seed >> 8) % 61) / 100;
        if (seed % 8 != 2) price(answer > 1e12 ? int256(1e8) : answer);
        credits.observePrice(network);
    }

    function redeemOne(uint256 seed, uint64 more, uint64 less) external {
        (Redemption memory r, address from) = _redemption(seed, more, less);
        uint128 before = _redeemed(r.voucher);
        _noteMeter(r);
        vm.prank(from);
        try payments.redeem(r.voucher, r.signature, r.metered) returns (uint128 paid) {
            ++done["redeem"];
            if (_redeemed(r.voucher) != before + paid) paidTooMuch = true;
            _check(r);
        } catch {}
    }

    function redeemMany(uint256 seed, uint64 more) external {
        Redemption[] memory many = new Redemption[](4);
        address from;
        for (uint256 i; i < 4; ++i) {
            // All of one seller, some twice.
            (many[i], from) = _redemption(seed & ~uint256(0xff00) | (seed >> (16 + 4 * i)) % 2, more, 0);
        }
        for (uint256 i; i < 4; ++i) {
            _noteMeter(many[i]);
        }
        vm.prank(from);
        try payments.redeemBatch(network, many) {
            ++done["batch"];
            for (uint256 i; i < 4; ++i) {
                _check(many[i]);
            }
        } catch {}
    }

    /// @dev A stranger brings two signatures; now and then the seller's is forged, expired, or of another.
    function redeemForSeller(uint256 seed, uint64 more, uint64 less) external {
        (Redemption memory r,) = _redemption(seed, more, less);
        Meter memory m = meterOf(r.voucher, r.metered);
        uint256 lie = seed >> 96 & 15;
        if (lie == 0) m.payer = who(seed + 1);
        if (lie == 1) m.expiresAt = uint64(vm.getBlockTimestamp());
        uint256 sellerKey = lie == 2 ? 0xbad : _keys[(seed >> 8) % 3];
        bytes memory bySeller = signedMeter(m, sellerKey);
        if (lie == 3) m.metered += 1;
        if (lie > 3) _noteMeter(r);
        uint256 before = token.balanceOf(stranger);
        vm.prank(stranger);
        try payments.redeemFor(r.voucher, r.signature, m, bySeller) {
            ++done["for"];
            if (lie <= 3 || token.balanceOf(stranger) != before) paidUnsigned = true;
            _check(r);
        } catch {}
    }

    function leave(uint256 seed, uint64 amount) external {
        vm.startPrank(who(seed));
        try credits.requestRefund(network, uint128(amount) % (50 * USD)) {} catch {}
        if (seed >> 8 & 1 == 1) vm.warp(vm.getBlockTimestamp() + REFUND);
        try credits.refund(network) {
            ++done["refund"];
        } catch {}
        vm.stopPrank();
        price(feed.answer());
    }

    function changeTerms(uint16 share, uint32 delay) external {
        CreditTerms memory t = terms();
        t.sellerBps = [share % 10_001, 10_000, 0, share / 7];
        t.refundSeconds = delay % 30 days;
        vm.prank(governor);
        try credits.setTerms(network, t) {} catch {}
    }

    /// @return held tokens of all accounts together
    function inAccounts() external view returns (uint256 held) {
        held = credits.accountOf(network, payer).tokens;
        for (uint256 i; i < 3; ++i) {
            held += credits.accountOf(network, who(i)).tokens;
        }
    }

    function inContract() external view returns (uint256) {
        return token.balanceOf(address(credits));
    }

    function inHands() external view returns (uint256 held) {
        for (uint256 i; i < 3; ++i) {
            held += token.balanceOf(who(i));
        }
    }

    function supply() external view returns (uint256) {
        return token.totalSupply();
    }

    /// @return total what epochs say was spent
    function spentInAll() external view returns (Spending memory total) {
        uint256 last = (vm.getBlockTimestamp() - GENESIS) / EPOCH;
        for (uint32 epoch; epoch <= last; ++epoch) {
            Spending memory s = credits.spentIn(network, epoch);
            total.credits += s.credits;
            total.burned += s.burned;
            total.paid += s.paid;
        }
    }

    function _redemption(uint256 seed, uint64 more, uint64 less)
        private
        returns (Redemption memory r, address from)
    {
        Voucher memory v = voucher(uint8((seed >> 64) % 4), 0);
        v.payer = who(seed);
        v.seller = who(seed >> 8);
        uint128 before = _acknowledged[v.payer][v.seller][v.program];
        // Now and then an old one again.
        v.cumulative = seed >> 72 & 3 == 0 ? before : before + more % (20 * USD);
        if (v.cumulative > before) _acknowledged[v.payer][v.seller][v.program] = v.cumulative;
        bool forged = seed >> 80 & 7 == 0;
        r = Redemption(
            v, signed(v, forged ? 0xbad : _keys[seed % 3]), v.cumulative - uint128(less) % (v.cumulative + 1)
        );
        if (forged) v.cumulative += 1;
        from = v.seller;
    }

    function _redeemed(Voucher memory v) private view returns (uint128) {
        return payments.redeemedOf(network, v.payer, v.seller, v.program);
    }

    function _noteMeter(Redemption memory r) private {
        Voucher memory v = r.voucher;
        if (r.metered > _metered[v.payer][v.seller][v.program]) {
            _metered[v.payer][v.seller][v.program] = r.metered;
        }
    }

    function _check(Redemption memory r) private {
        (Voucher memory v, uint128 redeemed) = (r.voucher, _redeemed(r.voucher));
        if (redeemed > _acknowledged[v.payer][v.seller][v.program]) paidTooMuch = true;
        if (redeemed > _metered[v.payer][v.seller][v.program]) paidTooMuch = true;
    }
}

/// @notice Accounts are never short, nobody is paid twice, and what is burned is gone, whatever payers, sellers, the feed and the owner do.
contract PaymentsInvariants is PaymentsWorld {
    CreditsWorld private world;

    function setUp() public override {
        world = new CreditsWorld();
        world.setUp();
        bytes4[] memory acts = new bytes4[](7);
        acts[0] = CreditsWorld.buyCredits.selector;
        acts[1] = CreditsWorld.movePrice.selector;
        acts[2] = CreditsWorld.redeemOne.selector;
        acts[3] = CreditsWorld.redeemMany.selector;
        acts[4] = CreditsWorld.leave.selector;
        acts[5] = CreditsWorld.changeTerms.selector;
        acts[6] = CreditsWorld.redeemForSeller.selector;
        targetSelector(FuzzSelector(address(world), acts));
        targetContract(address(world));
    }

    function invariant_AccountsAreNeverShort() external view {
        assertEq(world.inAccounts(), world.inContract(), "what accounts have is there");
        Spending memory spent = world.spentInAll();
        assertEq(
            world.supplyAtStart() - world.supply(),
            spent.burned,
            "supply is what was minted less what was burned"
        );
        assertEq(
            world.inHands() + world.inContract(),
            world.heldAtStart() - spent.burned,
            "nothing came from elsewhere"
        );
        assertFalse(world.paidTooMuch(), "more was paid than acknowledged and metered");
        assertFalse(
            world.paidUnsigned(), "a seller that signed nothing was redeemed for, or the sender was paid"
        );
    }

    /// @notice No run counts in which nothing was bought, redeemed and refunded.
    function afterInvariant() external {
        for (
            uint256 i;
            world.done("redeem") == 0 || world.done("refund") == 0 || world.done("batch") == 0
                || world.done("for") == 0;
            ++i
        ) {
            assertLt(i, 200, "the world got stuck");
            uint256 seed = uint256(keccak256(abi.encode(i)));
            world.changeTerms(2_500, 1 days);
            world.movePrice(seed & ~uint256(7) | 1);
            world.buyCredits(seed, 30e6);
            world.redeemOne(seed, 5e6, 0);
            world.redeemMany(seed, 5e6);
            world.redeemForSeller(seed, 5e6, 0);
            world.leave(seed | 1 << 8, 1e6);
        }
        this.invariant_AccountsAreNeverShort();
    }
}
