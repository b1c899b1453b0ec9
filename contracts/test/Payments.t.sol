// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {CreditAccount, ICredits, Spending} from "../src/interfaces/ICredits.sol";
import {IPayments, Redemption, Voucher} from "../src/interfaces/IPayments.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {PaymentsWorld} from "./PaymentsWorld.sol";

contract PaymentsTest is PaymentsWorld {
    function setUp() public override {
        super.setUp();
        buy(100 * USD);
        vm.warp(GENESIS + 5);
        price(1e8);
    }

    function test_Redeem() external {
        uint256 supply = token.totalSupply();
        Voucher memory v = voucher(0, 10 * USD);
        vm.expectEmit();
        emit IPayments.Redeemed(network, payer, seller, 0, 10 * USD, 10 * USD, 10 * USD);
        assertEq(redeem(v, PAYER_KEY, 10 * USD), 10 * USD);
        vm.snapshotGasLastCall("payments", "redeem a voucher, first");
        assertEq(token.balanceOf(seller), 2.5 ether);
        assertEq(supply - token.totalSupply(), 7.5 ether);
        Spending memory spent = credits.spentIn(network, 0);
        assertEq(spent.credits, 10 * USD);
        assertEq(spent.burned, 7.5 ether);
        assertEq(spent.paid, 2.5 ether);
        assertEq(redeem(voucher(0, 15 * USD), PAYER_KEY, 15 * USD), 5 * USD);
        vm.snapshotGasLastCall("payments", "redeem a voucher, again");
    }

    function test_Redeem_PaysTheSmallerAndTellsTheDifference() external {
        vm.expectEmit();
        emit IPayments.Redeemed(network, payer, seller, 0, 7 * USD, 10 * USD, 7 * USD);
        assertEq(redeem(voucher(0, 10 * USD), PAYER_KEY, 7 * USD), 7 * USD);
        assertEq(redeem(voucher(0, 10 * USD), PAYER_KEY, 12 * USD), 3 * USD);
    }

    function test_Redeem_EachProgramHasItsOwnShare() external {
        redeem(voucher(1, 10 * USD), PAYER_KEY, 10 * USD);
        assertEq(token.balanceOf(seller), 10 ether);
        redeem(voucher(2, 10 * USD), PAYER_KEY, 10 * USD);
        assertEq(token.balanceOf(seller), 10 ether);
    }

    /// @dev Replayed, or out of order: what was paid is never paid again.
    function test_RevertWhen_ReplayedOrOutOfOrder() external {
        Voucher memory early = voucher(0, 10 * USD);
        redeem(voucher(0, 30 * USD), PAYER_KEY, 30 * USD);
        expectFault(
            early,
            PAYER_KEY,
            10 * USD,
            abi.encodeWithSelector(IPayments.NothingDue.selector, 30 * USD, 10 * USD, 10 * USD)
        );
        expectFault(
            voucher(0, 30 * USD),
            PAYER_KEY,
            30 * USD,
            abi.encodeWithSelector(IPayments.NothingDue.selector, 30 * USD, 30 * USD, 30 * USD)
        );
    }

    function test_RevertWhen_Expired() external {
        Voucher memory v = voucher(0, USD);
        vm.warp(v.expiresAt);
        expectFault(
            v,
            PAYER_KEY,
            USD,
            abi.encodeWithSelector(IPayments.VoucherExpired.selector, v.expiresAt, block.timestamp)
        );
    }

    function test_RevertWhen_SignedForAnotherChain() external {
        Voucher memory v = voucher(0, USD);
        vm.chainId(99);
        bytes memory signature = signed(v, PAYER_KEY);
        vm.chainId(31_337);
        vm.prank(seller);
        vm.expectPartialRevert(IPayments.SignerNotAllowed.selector);
        payments.redeem(v, signature, USD);
    }

    function test_RevertWhen_AnyFieldIsChanged() external {
        bytes memory signature = signed(voucher(0, USD), PAYER_KEY);
        for (uint256 i; i < 4; ++i) {
            Voucher memory v = voucher(0, USD);
            if (i == 0) v.payer = stranger;
            if (i == 1) v.program = 1;
            if (i == 2) v.cumulative += 1;
            if (i == 3) v.expiresAt += 1;
            vm.prank(seller);
            vm.expectPartialRevert(IPayments.SignerNotAllowed.selector);
            payments.redeem(v, signature, USD);
        }
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IPayments.NotSeller.selector, stranger, seller));
        payments.redeem(voucher(0, USD), signature, USD);
    }

    function test_RevertWhen_SignatureIsMalformedOrProgramUnknown() external {
        bytes memory signature = signed(voucher(0, USD), PAYER_KEY);
        vm.startPrank(seller);
        vm.expectRevert(IPayments.SignatureMalformed.selector);
        payments.redeem(voucher(0, USD), abi.encodePacked(signature, hex"00"), USD);
        vm.expectRevert(IPayments.SignatureMalformed.selector);
        payments.redeem(voucher(0, USD), new bytes(65), USD);
        vm.expectRevert(abi.encodeWithSelector(IPayments.ProgramUnknown.selector, 4));
        payments.redeem(voucher(4, USD), signature, USD);
        vm.stopPrank();
    }

    /// @dev More than the account has: what it has is paid, the rest stays due.
    function test_Redeem_PartlyWhenTheAccountIsShort() external {
        assertEq(redeem(voucher(0, 130 * USD), PAYER_KEY, 130 * USD), 100 * USD);
        expectFault(
            voucher(0, 130 * USD),
            PAYER_KEY,
            130 * USD,
            abi.encodeWithSelector(IPayments.AccountEmpty.selector, network, payer)
        );
        buy(20 * USD);
        assertEq(redeem(voucher(0, 130 * USD), PAYER_KEY, 130 * USD), 20 * USD);
        assertEq(payments.redeemedOf(network, payer, seller, 0), 120 * USD);
    }

    function test_Signer_MaySignUntilItsEndAndARevocationHasNotice() external {
        vm.prank(payer);
        payments.setSigner(network, signer, uint64(block.timestamp + 30 days));
        assertEq(redeem(voucher(0, USD), SIGNER_KEY, USD), USD);
        vm.prank(payer);
        payments.setSigner(network, signer, 0);
        assertEq(payments.signerUntil(network, payer, signer), block.timestamp + REFUND);
        assertEq(
            redeem(voucher(0, 2 * USD), SIGNER_KEY, 2 * USD), USD, "what it signed before can be redeemed"
        );
        vm.warp(block.timestamp + REFUND);
        expectFault(
            voucher(0, 3 * USD),
            SIGNER_KEY,
            3 * USD,
            abi.encodeWithSelector(IPayments.SignerNotAllowed.selector, payer, signer)
        );
        vm.prank(payer);
        vm.expectRevert(IPayments.SelfSigner.selector);
        payments.setSigner(network, payer, 1);
    }

    /// @dev Who leaves while sellers hold vouchers: they have the refund's delay to redeem.
    function test_Refund_DoesNotTakeWhatIsRedeemedMeanwhile() external {
        vm.prank(payer);
        credits.requestRefund(network, 100 * USD);
        assertEq(redeem(voucher(0, 60 * USD), PAYER_KEY, 60 * USD), 60 * USD);
        vm.warp(block.timestamp + REFUND);
        vm.prank(payer);
        assertEq(credits.refund(network), 40 ether);
    }

    function test_Batch_Of50() external {
        Redemption[] memory many = new Redemption[](50);
        for (uint256 i; i < 50; ++i) {
            uint256 key = 0x1000 + i;
            vm.prank(payer);
            credits.buy(network, vm.addr(key), USD, type(uint256).max);
            Voucher memory v = voucher(0, USD);
            v.payer = vm.addr(key);
            many[i] = Redemption(v, signed(v, key), USD);
        }
        uint256 supply = token.totalSupply();
        vm.prank(seller);
        assertEq(payments.redeemBatch(network, many), 50 * USD);
        vm.snapshotGasLastCall("payments", "redeem 50 vouchers of 50 payers");
        assertEq(token.balanceOf(seller), 12.5 ether);
        assertEq(supply - token.totalSupply(), 37.5 ether);
    }

    function test_Batch_PassesOverWhatCanNotBeRedeemed() external {
        Redemption[] memory three = new Redemption[](3);
        three[0] = redemption(voucher(0, USD), USD);
        three[1] = redemption(voucher(0, USD), USD);
        three[2] = redemption(voucher(0, 3 * USD), 3 * USD);
        vm.expectEmit();
        emit IPayments.RedemptionSkipped(network, 1, IPayments.NothingDue.selector);
        vm.prank(seller);
        assertEq(payments.redeemBatch(network, three), 3 * USD);
        three[1].voucher.network = NetworkId.wrap(bytes28(uint224(7)));
        vm.prank(seller);
        vm.expectPartialRevert(IPayments.NetworksDiffer.selector);
        payments.redeemBatch(network, three);
        vm.expectRevert(abi.encodeWithSelector(IPayments.TooMany.selector, 201, 200));
        payments.redeemBatch(network, new Redemption[](201));
    }

    /// @dev Whoever buys from itself ends with less than it began with, in every program that burns.
    function testFuzz_BuyingFromOneselfNeverPays(uint64 amount, uint64 answer) external {
        amount = uint64(bound(amount, 1, 900 * USD));
        vm.warp(block.timestamp + 2 days);
        price(int256(bound(answer, 1e8, 1e10)));
        uint256 before = token.balanceOf(payer);
        buy(amount);
        Voucher memory v = voucher(0, 100 * USD + amount);
        v.seller = payer;
        redeem(v, PAYER_KEY, v.cumulative);
        assertLe(
            token.balanceOf(payer), before + 25 ether, "no more than a quarter of what it held came back"
        );
        assertEq(credits.accountOf(network, payer).tokens, 0);
    }

    function testFuzz_NoSignatureOfAStrangerPays(bytes calldata signature) external {
        vm.prank(seller);
        vm.expectRevert();
        payments.redeem(voucher(0, USD), signature, USD);
    }

    function expectFault(Voucher memory v, uint256 key, uint128 metered, bytes memory fault) private {
        bytes memory signature = signed(v, key);
        vm.prank(v.seller);
        vm.expectRevert(fault);
        payments.redeem(v, signature, metered);
    }
}
