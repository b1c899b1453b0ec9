// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICredits} from "../src/interfaces/ICredits.sol";
import {IOperatorBonds, BondTerms} from "../src/interfaces/IOperatorBonds.sol";
import {FaultSpan, IPossessionProofs} from "../src/interfaces/IPossessionProofs.sol";
import {IStorageOffers, Offer, RailTerms} from "../src/interfaces/IStorageOffers.sol";
import {IStorageRails, Rail, RailAccount, RailState} from "../src/interfaces/IStorageRails.sol";
import {RailMath} from "../src/libraries/RailMath.sol";
import {RailsWorld} from "./RailsWorld.sol";

contract StorageRailsTest is RailsWorld {
    uint64 internal rail;

    function setUp() public override {
        super.setUp();
        rail = open(0, 1_000);
    }

    function test_default_WithinTheLimit() external {
        vm.snapshotValue("rails", "size of StorageRails", address(storageRails).code.length);
        vm.snapshotValue("rails", "size of StorageOffers", address(storageOffers).code.length);
        assertLt(address(storageRails).code.length, 24_576);
    }

    // ---- offers and terms

    function test_Offer_IsItsOwners() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IStorageOffers.NotDeviceOwner.selector, network.deviceId(0), stranger, ownerOf(0)
            )
        );
        vm.prank(stranger);
        storageOffers.closeOffer(network, 0);
        vm.prank(ownerOf(0));
        storageOffers.closeOffer(network, 0);
        vm.expectRevert(abi.encodeWithSelector(IStorageOffers.NoOffer.selector, network, 0));
        storageOffers.dealOf(network, 0);
        assertTrue(storageOffers.actsFor(network, 0, delegate), "a closed offer keeps its delegate");
        address owner = ownerOf(0);
        vm.prank(owner);
        devices.transferFrom(owner, stranger, network.deviceId(0));
        assertFalse(storageOffers.actsFor(network, 0, delegate), "another owner has another delegate");
    }

    function test_RevertWhen_OfferIsMalformed() external {
        Offer memory o = offer(0);
        o.country = "de";
        vm.startPrank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IStorageOffers.OfferInvalid.selector, "country", 0x6465));
        storageOffers.setOffer(network, 0, o);
        o.country = "DE";
        o.url = string(new bytes(257));
        vm.expectRevert(abi.encodeWithSelector(IStorageOffers.OfferInvalid.selector, "url", 257));
        storageOffers.setOffer(network, 0, o);
    }

    function test_RevertWhen_TermsAreNone() external {
        RailTerms memory t = railTerms();
        vm.expectRevert(
            abi.encodeWithSelector(IStorageOffers.NotOwner.selector, network, address(this), governor)
        );
        storageOffers.setRailTerms(network, t);
        vm.startPrank(governor);
        t.noticePeriods = 1;
        expectTerms(t, "noticePeriods", 1);
        t = railTerms();
        t.heldBps[1] = 8_000;
        expectTerms(t, "heldBps", 1);
        t = railTerms();
        t.heldUntil[2] = 3;
        expectTerms(t, "heldUntil", 2);
        t = railTerms();
        t.lostAfter = 0;
        expectTerms(t, "lostAfter", 0);
    }

    function expectTerms(RailTerms memory t, string memory field, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IStorageOffers.RailTermsInvalid.selector, field, value));
        storageOffers.setRailTerms(network, t);
    }

    // ---- open

    function test_Open_LocksCreditsAndMakesASet() external {
        Rail memory r = storageRails.railAt(rail);
        assertEq(r.payer, payer);
        assertEq(r.signer, signer);
        assertEq(r.operator, ownerOf(0));
        assertTrue(possessionProofs.setOf(r.set).railed);
        assertEq(credits.lockedOf(network, rail).credits, 1_000);
        assertEq(credits.accountOf(network, payer).credits, 100e6 - 1_000);
        assertEq(storageRails.railOf(network, payer, 0), rail + 1);
        assertEq(storageRails.servedBy(network, payer, ownerOf(0)), 1);
        vm.expectRevert(
            abi.encodeWithSelector(IStorageRails.RailExists.selector, payer, network.deviceId(0), rail)
        );
        open(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.PriceAbove.selector, "storage", PRICE, PRICE - 1));
        vm.prank(payer);
        storageRails.open(network, 1, signer, PRICE - 1, 5, 0);
        vm.expectRevert(abi.encodeWithSelector(IPossessionProofs.SetOfARail.selector, r.set, ownerOf(0)));
        vm.prank(ownerOf(0));
        possessionProofs.terminate(r.set, 0);
    }

    function test_Locked_NothingElseMovesThem() external {
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(ICredits.NotRails.selector, payer));
        credits.release(network, rail, payer, 1);
        vm.expectRevert(abi.encodeWithSelector(ICredits.NotRails.selector, address(this)));
        credits.lock(network, payer, rail, 1);
        vm.expectRevert(abi.encodeWithSelector(ICredits.NotRails.selector, address(this)));
        credits.spendLocked(network, rail, payer, stranger, 1, 1);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(ICredits.NotEnoughCredits.selector, 100e6 - 1_000, 100e6));
        storageRails.fund(rail, 100e6);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.NotPayer.selector, rail, stranger, payer));
        vm.prank(stranger);
        storageRails.fund(rail, 1);
    }

    // ---- bundles

    function test_Bundle_NeedsBothSides() external {
        bytes32 root = uniform(leafOf(4), 4);
        bytes memory signature = bundle(rail, 0, root, 16, SIGNER_KEY);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.NotOperator.selector, network.deviceId(0), stranger));
        vm.prank(stranger);
        storageRails.addBundle(rail, root, 16, signature);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStorageRails.NotSigned.selector, rail, storageRails.bundleDigest(rail, 0, root, 8)
            )
        );
        vm.prank(delegate);
        storageRails.addBundle(rail, root, 8, signature);
        vm.prank(delegate);
        assertEq(storageRails.addBundle(rail, root, 16, signature), 0);
        vm.snapshotGasLastCall("rails", "add a bundle");
        // The same signature is for piece 0 alone, and for this rail.
        vm.prank(delegate);
        vm.expectRevert();
        storageRails.addBundle(rail, root, 16, signature);
        signature = bundle(rail, 1, root, 16, PAYER_KEY);
        vm.prank(ownerOf(0));
        assertEq(storageRails.addBundle(rail, root, 16, signature), 1);
    }

    function test_RevertWhen_CreditsDoNotCover() external {
        // 256 leaves cost 256 a period: three of notice and one of repair.
        uint64 small = open(1, 1_023);
        bytes32 root = uniform(leafOf(8), 8);
        bytes memory signature = bundle(small, 0, root, 256, SIGNER_KEY);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.NotCovered.selector, small, 1_024, 1_023));
        vm.prank(ownerOf(1));
        storageRails.addBundle(small, root, 256, signature);
        vm.prank(payer);
        storageRails.fund(small, 1);
        add(small, 8);
        (uint128 perPeriod, uint128 needed) = storageRails.quote(small, 256);
        assertEq(perPeriod, 256);
        assertEq(needed, 1_024);
        (perPeriod, needed) = storageRails.quoteOffer(network, 1, 1);
        assertEq(perPeriod, 1);
        assertEq(needed, 4);
        assertEq(accountOf(small).coveredUntil, 3);
    }

    // ---- settle

    function test_Settle_PaysProvenPeriodsLessWhatIsHeldBack() external {
        add(rail, 4);
        assertEq(storageRails.settle(rail), 0, "nothing is proven yet");
        warpToWindow(0);
        prove(rail);
        RailAccount memory a = accountOf(rail);
        assertEq(a.earned, 16);
        assertEq(a.held, 12);
        assertEq(a.due, 4);
        uint256 before = token.balanceOf(ownerOf(0));
        vm.prank(stranger);
        assertEq(storageRails.settle(rail), 4);
        vm.snapshotGasLastCall("rails", "settle");
        // The program gives all to sellers: 4 credits of a millionth of a dollar, at a dollar a token.
        assertEq(token.balanceOf(ownerOf(0)) - before, 4e12);
        assertEq(storageRails.settle(rail), 0, "none pays twice");
        warpToWindow(2); // period 1 has no beacon, and no proof: it earns nothing, and is nobody's fault
        prove(rail);
        assertEq(accountOf(rail).earned, 32);
        assertEq(accountOf(rail).held, 16);
        assertEq(storageRails.settle(rail), 12);
    }

    function test_Settle_EndsWithTheCredits() external {
        add(rail, 7); // 128 a period of 1000, 512 needed
        for (uint256 p; p < 12; ++p) {
            warpToWindow(p);
            prove(rail);
            storageRails.settle(rail);
        }
        RailAccount memory a = accountOf(rail);
        assertEq(a.credits, 0);
        assertEq(a.earned, 12 * 128);
        assertEq(storageRails.railAt(rail).paid, 1_000, "no more is paid than was put in");
    }

    function testFuzz_Pay_IsTheSameWheneverItIsSettled(uint8 periods, uint256 when) external {
        uint64 other = open(1, 1_000);
        add(rail, 4);
        add(other, 4);
        uint256 count = 1 + periods % 8;
        for (uint256 p; p < count; ++p) {
            warpToWindow(p);
            prove(rail);
            prove(other);
            if (when >> p & 1 == 1) storageRails.settle(rail);
        }
        storageRails.settle(rail);
        storageRails.settle(other);
        assertEq(storageRails.railAt(rail).paid, storageRails.railAt(other).paid);
    }

    function testFuzz_Held_NeverTakesBackWhatWasPaid(uint128 earned, uint64 more, uint16 proven) external pure {
        earned = uint128(bound(earned, 0, 1 << 117));
        RailTerms memory t = railTerms();
        uint128 before = earned - RailMath.held(t, earned, proven);
        uint128 later = earned + more;
        assertGe(later - RailMath.held(t, later, uint256(proven) + 1), before);
    }

    // ---- end

    function test_End_AfterNoticeAndPaysWhatWasHeldBack() external {
        add(rail, 4);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.NotParty.selector, rail, stranger));
        vm.prank(stranger);
        storageRails.end(rail);
        vm.prank(payer);
        assertEq(storageRails.end(rail), NOTICE);
        assertEq(storageRails.railOf(network, payer, 0), 0);
        for (uint256 p; p <= NOTICE; ++p) {
            warpToWindow(p);
            prove(rail);
        }
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.NotOver.selector, rail, NOTICE, NOTICE));
        storageRails.withdraw(rail);
        warpToPeriod(NOTICE + 1);
        assertEq(accountOf(rail).due, 64);
        // In either order, and by anybody.
        vm.startPrank(stranger);
        assertEq(storageRails.withdraw(rail), 936);
        assertEq(storageRails.settle(rail), 64);
        assertEq(storageRails.withdraw(rail), 0);
        vm.stopPrank();
        assertEq(credits.accountOf(network, payer).credits, 100e6 - 64);
        assertEq(credits.lockedOf(network, rail).tokens, 0);
    }

    function test_End_AtOnceWhereItIsNotCovered() external {
        uint64 small = open(1, 64);
        add(small, 4);
        vm.prank(ownerOf(1));
        assertEq(storageRails.end(small), NOTICE, "covered: with notice");
        warpToWindow(0);
        prove(small);
        vm.prank(ownerOf(1));
        assertEq(storageRails.end(small), 0, "what is left does not cover the notice");
        warpToPeriod(1);
        assertEq(storageRails.settle(small), 16);
        assertEq(storageRails.withdraw(small), 48);
        vm.expectRevert(abi.encodeWithSelector(IPossessionProofs.SetEnded.selector, 1, 0));
        vm.prank(ownerOf(1));
        storageRails.end(small);
    }

    function test_End_IsNoWayToKeepWhatIsHeldBackOfLostData() external {
        add(rail, 4);
        warpToWindow(0);
        prove(rail);
        vm.prank(ownerOf(0));
        storageRails.end(rail);
        warpToPeriod(1);
        miss(3);
        assertEq(accountOf(rail).due, 4);
        assertTrue(accountOf(rail).isLost);
        assertEq(storageRails.withdraw(rail), 996, "held pay is the payer's");
    }

    // ---- remove

    function test_Remove_ByThePayerOrItsSigner() external {
        add(rail, 4);
        add(rail, 5);
        uint32[] memory pieces = new uint32[](1);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.NotParty.selector, rail, ownerOf(0)));
        vm.prank(ownerOf(0));
        storageRails.removePieces(rail, pieces);
        vm.prank(signer);
        storageRails.removePieces(rail, pieces);
        warpToPeriod(1);
        assertEq(possessionProofs.removePieces(storageRails.railAt(rail).set, 9), 1);
        warpToWindow(1);
        prove(rail);
        assertEq(accountOf(rail).earned, 32);
    }

    // ---- lost and repaired

    function lost() private {
        add(rail, 4);
        add(rail, 5);
        add(rail, 6);
        uint32[] memory pieces = new uint32[](1);
        pieces[0] = 1;
        vm.prank(payer);
        storageRails.removePieces(rail, pieces);
        warpToWindow(0);
        prove(rail);
        warpToPeriod(1);
        possessionProofs.removePieces(storageRails.railAt(rail).set, 9);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.NotLost.selector, rail, 0, 2));
        storageRails.lose(rail);
        miss(2);
        storageRails.lose(rail);
    }

    function test_Repair_TakesOverAndIsPaidByItsFirstWholeProof() external {
        lost();
        assertEq(uint256(storageRails.railAt(rail).state), uint256(RailState.Lost));
        vm.prank(ownerOf(1));
        uint64 next = storageRails.succeed(rail, 1);
        vm.snapshotGasLastCall("rails", "succeed");
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.UnderRepair.selector, rail, next));
        vm.prank(payer);
        warpToPeriod(4);
        storageRails.withdraw(rail);
        storageRails.copyPieces(next, 1);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.RepairNotProven.selector, next, 0, 0));
        storageRails.completeRepair(next);
        storageRails.copyPieces(next, 99);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.NothingToCopy.selector, next));
        storageRails.copyPieces(next, 99);
        assertEq(possessionProofs.setOf(storageRails.railAt(next).set).leaves, 16 + 64);
        warpToWindow(4);
        prove(next);
        // Earned 112, held 84, due 28. The reward is for 80 leaves, with what was held back.
        vm.expectEmit();
        emit IStorageRails.RailRepaired(rail, next, 80 + 84, 1_000 - 28);
        storageRails.completeRepair(next);
        assertEq(storageRails.settle(rail), 28);
        assertEq(storageRails.settle(next), 164 + 20);
        assertEq(accountOf(next).credits, 972 - 184);
        add(next, 3);
    }

    function test_Repair_ThatFailsLeavesAllToTheNext() external {
        lost();
        vm.prank(ownerOf(1));
        uint64 next = storageRails.succeed(rail, 1);
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.RepairNotDue.selector, next, 5, 3));
        storageRails.failRepair(next);
        storageRails.copyPieces(next, 128);
        miss(2); // lost in its turn
        storageRails.failRepair(next);
        assertEq(possessionProofs.faultsOf(storageRails.railAt(next).set), 2);
        vm.prank(ownerOf(1));
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.RepairTried.selector, rail, ownerOf(1)));
        storageRails.succeed(rail, 1);
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.RepairTried.selector, rail, ownerOf(0)));
        storageRails.succeed(rail, 0);
        vm.prank(ownerOf(2));
        next = storageRails.succeed(rail, 2);
        assertEq(credits.lockedOf(network, rail).credits, 1_000, "nothing has moved");
        warpToPeriod(8);
        storageRails.failRepair(next);
        vm.prank(payer);
        assertEq(storageRails.withdraw(rail), 972, "given up, with what was held back");
        vm.prank(ownerOf(3));
        vm.expectRevert(
            abi.encodeWithSelector(IStorageRails.RailStateWrong.selector, rail, RailState.Closed)
        );
        storageRails.succeed(rail, 3);
    }

    function test_RevertWhen_SuccessorServesThePayerOrAsksMore() external {
        lost();
        open(1, 0);
        vm.prank(ownerOf(1));
        vm.expectRevert(abi.encodeWithSelector(IStorageRails.OperatorServes.selector, payer, ownerOf(1)));
        storageRails.succeed(rail, 1);
        Offer memory o = offer(2);
        o.storagePrice = PRICE + 1;
        vm.startPrank(ownerOf(2));
        storageOffers.setOffer(network, 2, o);
        vm.expectRevert(
            abi.encodeWithSelector(IStorageRails.PriceAbove.selector, "storage", PRICE + 1, PRICE)
        );
        storageRails.succeed(rail, 2);
        vm.expectRevert(
            abi.encodeWithSelector(IStorageRails.NotOperator.selector, network.deviceId(3), ownerOf(2))
        );
        storageRails.succeed(rail, 3);
    }

    // ---- slashing

    function bond() private {
        BondTerms memory t;
        (t.faultProgram, t.forgiveEpochs) = (2, 24);
        t.scores = [uint32(2), 4, 8, 16];
        t.bps = [uint16(1_000), 2_000, 5_000, 10_000];
        vm.prank(governor);
        operatorBonds.setTerms(network, t);
        fund(ownerOf(0), address(operatorBonds));
        vm.prank(ownerOf(0));
        operatorBonds.deposit(network, 0, 100 ether);
    }

    function test_Slash_TakesTheLaddersShareOfFaultsOnce() external {
        bond();
        vm.warp(GENESIS + 1);
        lost();
        uint64 set = storageRails.railAt(rail).set;
        vm.prank(stranger);
        assertEq(operatorBonds.slashPossession(set), 10 ether, "two faults: the first step");
        vm.snapshotGasLastCall("rails", "slash a fault");
        assertEq(token.balanceOf(stranger), 0.5 ether);
        assertEq(operatorBonds.bondOf(network, 0).score, 2);
        assertEq(operatorBonds.bondOf(network, 0).faultEpoch, 3 * PERIOD - 1);
        FaultSpan[] memory spans = possessionProofs.faultSpansOf(set, 0, 9);
        assertEq(spans.length, 1);
        assertEq(spans[0].first, 1);
        assertEq(spans[0].last, 2);
        vm.expectRevert(abi.encodeWithSelector(IOperatorBonds.NoFaultsOfSet.selector, set));
        operatorBonds.slashPossession(set);
        assertEq(operatorBonds.scoreOf(network, 0, 3 * PERIOD + 48), 0, "forgiven by epochs, as others are");
    }

    function test_Slash_ReachesWhatIsLeaving() external {
        bond();
        vm.warp(GENESIS + 1);
        add(rail, 4);
        warpToPeriod(1);
        vm.prank(ownerOf(0));
        operatorBonds.requestExit(network, 0, 100 ether);
        vm.warp(GENESIS + (2 * PERIOD - 1) * EPOCH);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOperatorBonds.ProofsStillDue.selector, GENESIS + 2 * PERIOD * EPOCH, block.timestamp
            )
        );
        operatorBonds.clearExit(network, 0, 0);
        vm.warp(GENESIS + PERIOD * EPOCH);
        miss(1);
        operatorBonds.clearExit(network, 0, 0);
        assertEq(operatorBonds.bondOf(network, 0).withdrawableAt, GENESIS + PERIOD * EPOCH + 3 days);
        operatorBonds.slashPossession(storageRails.railAt(rail).set);
        assertEq(operatorBonds.bondOf(network, 0).score, 1, "a warning");
        miss(1);
        assertEq(
            operatorBonds.slashPossession(storageRails.railAt(rail).set), 0, "that period began after it left"
        );
    }
}
