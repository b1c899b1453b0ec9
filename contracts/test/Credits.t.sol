// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {Credits} from "../src/Credits.sol";
import {CreditAccount, CreditTerms, ICredits, Spending} from "../src/interfaces/ICredits.sol";
import {INetworks} from "../src/interfaces/INetworks.sol";
import {AcceptedPrice, PriceLimits, PriceReader, PriceState} from "../src/libraries/PriceLimits.sol";
import {PaymentsWorld} from "./PaymentsWorld.sol";

/// @notice Keeps a hundredth of every transfer, or makes everybody's balance shrink.
contract BadToken is ERC20 {
    bool public taxes;
    bool public shrinks;

    constructor() ERC20("Bad", "BAD") {
        _mint(msg.sender, 1e27);
    }

    function set(bool taxes_, bool shrinks_) external {
        (taxes, shrinks) = (taxes_, shrinks_);
    }

    function balanceOf(address holder) public view override returns (uint256) {
        return shrinks ? super.balanceOf(holder) / 2 : super.balanceOf(holder);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (taxes && from != address(0) && to != address(0)) super._update(to, address(this), value / 100);
    }
}

contract Reverting {
    fallback() external {
        revert("no");
    }
}

contract Endless {
    fallback() external {
        while (true) {}
    }
}

contract CreditsTest is PaymentsWorld {
    function test_Buy() external {
        price(2e8);
        uint256 supply = token.totalSupply();
        assertEq(buy(10 * USD), 5 ether);
        vm.snapshotGasLastCall("payments", "buy credits, first");
        CreditAccount memory account = credits.accountOf(network, payer);
        assertEq(account.credits, 10 * USD);
        assertEq(account.tokens, 5 ether);
        assertEq(token.balanceOf(address(credits)), 5 ether);
        assertEq(token.totalSupply(), supply, "nothing is burned before it is spent");
        assertEq(credits.acceptedPriceOf(network).answer, 2e8);
        buy(10 * USD);
        vm.snapshotGasLastCall("payments", "buy credits, again");
    }

    function test_Buy_ForSomebodyElse() external {
        vm.prank(payer);
        credits.buy(network, stranger, 3 * USD, 3 ether);
        assertEq(credits.accountOf(network, stranger).credits, 3 * USD);
    }

    function test_RevertWhen_TooExpensiveOrNothing() external {
        vm.startPrank(payer);
        vm.expectRevert(abi.encodeWithSelector(ICredits.TooExpensive.selector, 3 ether, 3 ether - 1));
        credits.buy(network, payer, 3 * USD, 3 ether - 1);
        vm.expectRevert(ICredits.NothingToBuy.selector);
        credits.buy(network, payer, 0, 1);
        vm.stopPrank();
    }

    /// @dev A bad price stops buying and nothing else.
    function test_RevertWhen_ThePriceIsBad() external {
        buy(10 * USD);
        vm.prank(payer);
        credits.requestRefund(network, 4 * USD);
        vm.warp(block.timestamp + REFUND);
        feed.set(8, 0, block.timestamp);
        expectDormant(PriceState.NotPositive);
        feed.set(8, -1, block.timestamp);
        expectDormant(PriceState.NotPositive);
        feed.set(8, 1e8, block.timestamp - 601);
        expectDormant(PriceState.Stale);
        feed.set(8, 1e8, block.timestamp + 1);
        expectDormant(PriceState.FromTheFuture);
        feed.set(6, 1e8, block.timestamp);
        expectDormant(PriceState.DecimalsChanged);
        feed.set(8, int256(uint256(type(uint96).max)) + 1, block.timestamp);
        expectDormant(PriceState.TooLarge);
        feed.set(8, 1e8, block.timestamp);
        width.set(8, 2e6 + 1, block.timestamp);
        expectDormant(PriceState.Uncertain);
        width.set(8, -1, block.timestamp);
        expectDormant(PriceState.Uncertain);
        vm.prank(payer);
        assertEq(credits.refund(network), 4 ether);
    }

    function test_RevertWhen_ThePriceJumpsTenfold_UntilItIsForgotten() external {
        buy(USD);
        vm.warp(block.timestamp + 60);
        price(10e8);
        expectDormant(PriceState.Deviates);
        assertEq(uint8(credits.observePrice(network)), uint8(PriceState.Deviates));
        price(0.1e8);
        expectDormant(PriceState.Deviates);
        vm.warp(block.timestamp + 1 days);
        price(10e8);
        assertEq(uint8(credits.observePrice(network)), uint8(PriceState.Usable));
        assertEq(buy(USD), 0.1 ether);
    }

    function test_Observe_FollowsARealMove() external {
        int256 answer = 1e8;
        for (uint256 i; i < 6; ++i) {
            vm.warp(block.timestamp + 60);
            price(answer);
            assertEq(uint8(credits.observePrice(network)), uint8(PriceState.Usable));
            answer = answer * 14 / 10;
        }
    }

    function test_RevertWhen_TheFeedIsNoFeed() external {
        address[4] memory bad =
            [address(new Reverting()), address(new Endless()), makeAddr("no code"), address(token)];
        for (uint256 i; i < bad.length; ++i) {
            CreditTerms memory t = terms();
            t.price.feed = bad[i];
            vm.prank(governor);
            credits.setTerms(network, t);
            expectDormant(PriceState.Unreachable);
        }
    }

    function test_LowPrice_IsWhatCreditsAreSoldAt() external {
        width.set(8, 2e6, block.timestamp);
        assertEq(buy(96 * USD), 100 ether);
    }

    function test_Refund() external {
        buy(10 * USD);
        price(1.25e8);
        buy(10 * USD);
        vm.startPrank(payer);
        credits.requestRefund(network, 5 * USD);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICredits.RefundTooEarly.selector, block.timestamp + REFUND, block.timestamp
            )
        );
        credits.refund(network);
        vm.warp(block.timestamp + REFUND);
        uint256 before = token.balanceOf(payer);
        assertEq(credits.refund(network), 4.5 ether, "a quarter of the 18 tokens they cost");
        assertEq(token.balanceOf(payer) - before, 4.5 ether);
        vm.expectRevert(abi.encodeWithSelector(ICredits.NothingToRefund.selector, payer));
        credits.refund(network);
        vm.expectRevert(abi.encodeWithSelector(ICredits.NotEnoughCredits.selector, 15 * USD, 15 * USD + 1));
        credits.requestRefund(network, 15 * USD + 1);
        vm.stopPrank();
    }

    function test_RevertWhen_TermsAreNotTheOwnersOrInvalid() external {
        vm.expectRevert(abi.encodeWithSelector(ICredits.NotOwner.selector, network, address(this), governor));
        credits.setTerms(network, terms());
        CreditTerms memory t = terms();
        t.sellerBps[2] = 10_001;
        expectInvalid(t, abi.encodeWithSelector(ICredits.TermsInvalid.selector, "sellerBps", 10_001));
        t = terms();
        t.refundSeconds = 31 days;
        expectInvalid(t, abi.encodeWithSelector(ICredits.TermsInvalid.selector, "refundSeconds", 31 days));
        t = terms();
        t.price.decimals = 19;
        expectInvalid(t, abi.encodeWithSelector(PriceReader.PriceLimitsInvalid.selector, "decimals", 19));
        t = terms();
        t.price.maxAgeSeconds = 0;
        expectInvalid(t, abi.encodeWithSelector(PriceReader.PriceLimitsInvalid.selector, "maxAgeSeconds", 0));
    }

    function test_RevertWhen_NotPayments() external {
        vm.expectRevert(abi.encodeWithSelector(ICredits.NotPayments.selector, address(this)));
        credits.spend(network, payer, seller, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(ICredits.NotPayments.selector, address(this)));
        credits.payOut(network, seller, 0, 0);
    }

    /// @dev A network of an existing token: what is not exact is refused when it is bought with, and what was bought before is not touched.
    function test_RevertWhen_TheTokenIsNotExact() external {
        BadToken bad = new BadToken();
        vm.mockCall(address(networks), abi.encodeCall(INetworks.tokenOf, (network)), abi.encode(address(bad)));
        bad.approve(address(credits), type(uint256).max);
        credits.buy(network, payer, USD, 1 ether);
        bad.set(true, false);
        vm.expectRevert(abi.encodeWithSelector(ICredits.TokenNotExact.selector, bad, 1 ether, 0.99 ether));
        credits.buy(network, payer, USD, 1 ether);
        bad.set(false, true);
        vm.expectRevert(abi.encodeWithSelector(ICredits.TokenNotExact.selector, bad, 1 ether, 0.5 ether));
        credits.buy(network, payer, USD, 1 ether);
    }

    /// @dev Spec 7's vectors, which TypeScript reads too.
    function test_Vectors_CreditsAndPrices() external {
        string memory json = vm.readFile("specs/vectors/economics.json");
        for (uint256 i; vm.keyExistsJson(json, at(".credits", i)); ++i) {
            string memory k = at(".credits", i);
            uint256 cost = number(json, k, ".burnForCredits");
            uint256 amount = number(json, k, ".amount");
            if (amount == 0 || cost > 1e27 || amount > type(uint128).max) continue;
            CreditTerms memory t = terms();
            t.price.decimals = uint8(number(json, k, ".price.decimals"));
            vm.prank(governor);
            credits.setTerms(network, t);
            feed.set(t.price.decimals, int256(number(json, k, ".price.value")), block.timestamp);
            (PriceState state, uint256 tokens) = credits.quote(network, uint128(amount));
            assertEq(uint8(state), uint8(PriceState.Usable));
            assertEq(tokens, cost, k);
        }
        _checkPrices(json);
    }

    function _checkPrices(string memory json) private {
        vm.warp(number(json, ".prices", ".now"));
        PriceLimits memory limits;
        limits.decimals = uint8(number(json, ".prices", ".limits.decimals"));
        limits.maxAgeSeconds = uint32(number(json, ".prices", ".limits.maxAgeSeconds"));
        limits.maxDeviationBps = uint32(number(json, ".prices", ".limits.maxDeviationBps"));
        limits.forgetSeconds = uint32(number(json, ".prices", ".limits.forgetSeconds"));
        limits.maxConfidenceBps = uint16(number(json, ".prices", ".limits.maxConfidenceBps"));
        uint256 i;
        for (; vm.keyExistsJson(json, at(".prices.readings", i)); ++i) {
            _checkPrice(json, at(".prices.readings", i), limits);
        }
        assertGt(i, 8);
    }

    function _checkPrice(string memory json, string memory k, PriceLimits memory limits) private view {
        (PriceState state, uint256 low) = PriceReader.judge(
            limits,
            acceptedOf(json, k),
            number(json, k, ".reading.decimals"),
            signedNumber(json, k, ".reading.answer"),
            number(json, k, ".reading.updatedAt"),
            signedNumber(json, k, ".reading.confidence")
        );
        bool usable = vm.parseJsonBool(json, string.concat(k, ".verdict.usable"));
        assertEq(state == PriceState.Usable, usable, k);
        if (usable) assertEq(low, number(json, k, ".verdict.lowPrice"), k);
        else assertEq(reasonOf(state), vm.parseJsonString(json, string.concat(k, ".verdict.reason")), k);
    }

    function acceptedOf(string memory json, string memory k) private view returns (AcceptedPrice memory a) {
        if (!vm.keyExistsJson(json, string.concat(k, ".accepted.answer"))) return a;
        a.answer = uint96(number(json, k, ".accepted.answer"));
        a.updatedAt = uint64(number(json, k, ".accepted.updatedAt"));
    }

    function testFuzz_APurchaseInPartsIsNeverCheaper(uint96 answer, uint64 a, uint64 b) external {
        answer = uint96(bound(answer, 1e4, 1e16));
        price(int256(uint256(answer)));
        (, uint256 whole) = credits.quote(network, uint128(a) + b);
        (, uint256 first) = credits.quote(network, a);
        (, uint256 second) = credits.quote(network, b);
        assertGe(first + second, whole);
    }

    function testFuzz_NoFeedMakesItRevert(bytes32 decimals, bytes32 answer, bytes32 time, uint8 length)
        external
    {
        bytes memory data = abi.encode(uint256(1), answer, time, time, uint256(1));
        assembly ("memory-safe") {
            mstore(data, mod(length, 161))
        }
        vm.mockCall(address(feed), abi.encodeWithSignature("decimals()"), abi.encode(decimals));
        vm.mockCall(address(feed), abi.encodeWithSignature("latestRoundData()"), data);
        credits.observePrice(network);
        credits.quote(network, 1);
    }

    function expectDormant(PriceState state) private {
        vm.expectRevert(abi.encodeWithSelector(ICredits.PriceDormant.selector, network, state));
        vm.prank(payer);
        credits.buy(network, payer, USD, type(uint256).max);
    }

    function expectInvalid(CreditTerms memory t, bytes memory fault) private {
        vm.expectRevert(fault);
        vm.prank(governor);
        credits.setTerms(network, t);
    }

    function reasonOf(PriceState state) private pure returns (string memory) {
        string[9] memory names = [
            "usable",
            "not_positive",
            "decimals_changed",
            "too_large",
            "from_the_future",
            "stale",
            "uncertain",
            "deviates",
            "unreachable"
        ];
        return names[uint8(state)];
    }

    function at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(i), "]");
    }

    function number(string memory json, string memory k, string memory field) private pure returns (uint256) {
        return vm.parseUint(vm.parseJsonString(json, string.concat(k, field)));
    }

    function signedNumber(string memory json, string memory k, string memory field)
        private
        pure
        returns (int256)
    {
        return vm.parseInt(vm.parseJsonString(json, string.concat(k, field)));
    }
}
