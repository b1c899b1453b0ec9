// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {CreditAccount, CreditTerms, ICredits, RefundRequest, Spending} from "./interfaces/ICredits.sol";
import {INetworks} from "./interfaces/INetworks.sol";
import {AcceptedPrice, PriceReader, PriceState} from "./libraries/PriceLimits.sol";
import {TokenSink} from "./libraries/TokenSink.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract Credits is ICredits, ReentrancyGuardTransient {
    using Checkpoints for Checkpoints.Trace208;
    using SafeERC20 for IERC20;

    uint256 private constant BPS = 10_000;
    uint256 private constant CREDITS_PER_USD = 1e6;
    uint256 private constant TOKEN = 1e18;
    uint256 private constant LONGEST_REFUND = 30 days;

    INetworks private immutable NETWORKS;
    address private immutable PAYMENTS;
    address private immutable RAILS;

    mapping(NetworkId => CreditTerms) private _terms;
    mapping(NetworkId => AcceptedPrice) private _accepted;
    mapping(NetworkId => mapping(address payer => CreditAccount)) private _accounts;
    mapping(NetworkId => mapping(uint64 rail => CreditAccount)) private _locked;
    mapping(NetworkId => mapping(address payer => RefundRequest)) private _refunds;
    mapping(NetworkId => mapping(uint32 epoch => Spending)) private _spent;
    /// @dev What was ever burned for a program, by epoch: a range is two look-ups, however long it is.
    mapping(NetworkId => mapping(uint8 program => Checkpoints.Trace208)) private _burned;
    /// @dev The epochs in which something was spent, ascending, so that who follows spendings steps over the others.
    mapping(NetworkId => uint32[]) private _spentEpochs;
    /// @dev Of each token, what all accounts hold together: a balance below it means that the token changed balances by itself.
    mapping(address token => uint256) private _held;

    modifier onlyPayments() {
        if (msg.sender != PAYMENTS) revert NotPayments(msg.sender);
        _;
    }

    modifier onlyRails() {
        if (msg.sender != RAILS) revert NotRails(msg.sender);
        _;
    }

    constructor(address networks, address payments, address rails) {
        NETWORKS = INetworks(networks);
        PAYMENTS = payments;
        RAILS = rails;
    }

    /// @inheritdoc ICredits
    function setTerms(NetworkId network, CreditTerms calldata terms) external {
        address owner = NETWORKS.ownerOf(network);
        if (msg.sender != owner) revert NotOwner(network, msg.sender, owner);
        PriceReader.check(terms.price);
        if (terms.refundSeconds == 0 || terms.refundSeconds > LONGEST_REFUND) {
            revert TermsInvalid("refundSeconds", terms.refundSeconds);
        }
        for (uint256 p = 0; p < 4; ++p) {
            if (terms.sellerBps[p] > BPS) revert TermsInvalid("sellerBps", terms.sellerBps[p]);
        }
        _terms[network] = terms;
        // Another feed may have another unit.
        delete _accepted[network];
        emit TermsSet(network, terms);
    }

    /// @inheritdoc ICredits
    function buy(NetworkId network, address payer, uint128 credits, uint256 maxTokens)
        external
        nonReentrant
        returns (uint128 tokens)
    {
        if (credits == 0) revert NothingToBuy();
        (PriceState state, uint256 price) = _observe(network);
        if (state != PriceState.Usable) revert PriceDormant(network, state);
        uint256 cost = _costOf(credits, price, _terms[network].price.decimals);
        if (cost > maxTokens) revert TooExpensive(cost, maxTokens);
        if (cost > type(uint96).max) revert AmountTooLarge(cost);
        tokens = uint128(cost);

        CreditAccount storage account = _accounts[network][payer];
        account.credits += credits;
        account.tokens += tokens;
        emit CreditsBought(network, payer, msg.sender, credits, tokens, price);
        _take(NETWORKS.tokenOf(network), tokens);
    }

    /// @inheritdoc ICredits
    function observePrice(NetworkId network) external returns (PriceState state) {
        (state,) = _observe(network);
    }

    /// @inheritdoc ICredits
    function requestRefund(NetworkId network, uint128 credits) external {
        uint128 has = _accounts[network][msg.sender].credits;
        if (credits == 0) revert NothingToRefund(msg.sender);
        if (credits > has) revert NotEnoughCredits(has, credits);
        uint64 refundableAt = uint64(block.timestamp) + _terms[network].refundSeconds;
        _refunds[network][msg.sender] = RefundRequest(credits, refundableAt);
        emit RefundRequested(network, msg.sender, credits, refundableAt);
    }

    /// @inheritdoc ICredits
    function refund(NetworkId network) external nonReentrant returns (uint128 tokens) {
        RefundRequest memory request = _refunds[network][msg.sender];
        if (request.credits == 0) revert NothingToRefund(msg.sender);
        if (block.timestamp < request.refundableAt) {
            revert RefundTooEarly(request.refundableAt, block.timestamp);
        }
        delete _refunds[network][msg.sender];
        CreditAccount storage account = _accounts[network][msg.sender];
        // Sellers may have redeemed since.
        uint128 credits = request.credits < account.credits ? request.credits : account.credits;
        if (credits == 0) revert NothingToRefund(msg.sender);
        tokens = _draw(account, credits);
        emit Refunded(network, msg.sender, credits, tokens);
        IERC20 token = IERC20(NETWORKS.tokenOf(network));
        _held[address(token)] -= tokens;
        token.safeTransfer(msg.sender, tokens);
    }

    /// @inheritdoc ICredits
    function spend(NetworkId network, address payer, address seller, uint8 program, uint128 credits)
        external
        onlyPayments
        returns (uint128 burned, uint128 paid)
    {
        uint128 tokens = _drawSome(_accounts[network][payer], credits);
        return _split(network, payer, seller, program, credits, tokens);
    }

    /// @inheritdoc ICredits
    function lock(NetworkId network, address payer, uint64 rail, uint128 credits) external onlyRails {
        uint128 tokens = _move(_accounts[network][payer], _locked[network][rail], credits);
        emit CreditsLocked(network, payer, rail, credits, tokens);
    }

    /// @inheritdoc ICredits
    function release(NetworkId network, uint64 rail, address payer, uint128 credits) external onlyRails {
        uint128 tokens = _move(_locked[network][rail], _accounts[network][payer], credits);
        emit CreditsReleased(network, payer, rail, credits, tokens);
    }

    /// @inheritdoc ICredits
    function passOn(NetworkId network, uint64 from, uint64 to, uint128 credits) external onlyRails {
        uint128 tokens = _move(_locked[network][from], _locked[network][to], credits);
        emit CreditsPassedOn(network, from, to, credits, tokens);
    }

    /// @inheritdoc ICredits
    function spendLocked(
        NetworkId network,
        uint64 rail,
        address payer,
        address seller,
        uint8 program,
        uint128 credits
    ) external onlyRails returns (uint128 burned, uint128 paid) {
        uint128 tokens = _drawSome(_locked[network][rail], credits);
        emit LockedSpent(network, rail, credits, tokens);
        return _split(network, payer, seller, program, credits, tokens);
    }

    /// @inheritdoc ICredits
    function payOut(NetworkId network, address seller, uint256 burned, uint256 paid)
        external
        nonReentrant
    {
        if (msg.sender != PAYMENTS && msg.sender != RAILS) revert NotPayments(msg.sender);
        IERC20 token = IERC20(NETWORKS.tokenOf(network));
        _held[address(token)] -= burned + paid;
        TokenSink.burn(token, burned);
        if (paid > 0) token.safeTransfer(seller, paid);
    }

    /// @inheritdoc ICredits
    function termsOf(NetworkId network) external view returns (CreditTerms memory) {
        return _terms[network];
    }

    /// @inheritdoc ICredits
    function accountOf(NetworkId network, address payer) external view returns (CreditAccount memory) {
        return _accounts[network][payer];
    }

    /// @inheritdoc ICredits
    function lockedOf(NetworkId network, uint64 rail) external view returns (CreditAccount memory) {
        return _locked[network][rail];
    }

    /// @inheritdoc ICredits
    function refundOf(NetworkId network, address payer) external view returns (RefundRequest memory) {
        return _refunds[network][payer];
    }

    /// @inheritdoc ICredits
    function acceptedPriceOf(NetworkId network) external view returns (AcceptedPrice memory) {
        return _accepted[network];
    }

    /// @inheritdoc ICredits
    function spentIn(NetworkId network, uint32 epoch) external view returns (Spending memory) {
        return _spent[network][epoch];
    }

    /// @inheritdoc ICredits
    function burnedIn(NetworkId network, uint8 program, uint32 first, uint32 last)
        external
        view
        returns (uint256)
    {
        Checkpoints.Trace208 storage burned = _burned[network][program];
        uint256 before = first == 0 ? 0 : burned.upperLookupRecent(first - 1);
        return burned.upperLookupRecent(last) - before;
    }

    /// @inheritdoc ICredits
    function spentEpochAt(NetworkId network, uint256 place) external view returns (uint32) {
        uint32[] storage epochs = _spentEpochs[network];
        return place < epochs.length ? epochs[place] : type(uint32).max;
    }

    /// @inheritdoc ICredits
    function quote(NetworkId network, uint128 credits)
        external
        view
        returns (PriceState state, uint256 tokens)
    {
        CreditTerms storage terms = _termsFor(network);
        uint256 price;
        (state,, price) = PriceReader.read(terms.price, _accepted[network]);
        if (state == PriceState.Usable) tokens = _costOf(credits, price, terms.price.decimals);
    }

    function _observe(NetworkId network) private returns (PriceState state, uint256 lowPrice) {
        CreditTerms storage terms = _termsFor(network);
        AcceptedPrice memory reading;
        (state, reading, lowPrice) = PriceReader.read(terms.price, _accepted[network]);
        if (state != PriceState.Usable || reading.updatedAt == _accepted[network].updatedAt) {
            return (state, lowPrice);
        }
        _accepted[network] = reading;
        emit PriceAccepted(network, reading.answer, reading.updatedAt);
    }

    function _termsFor(NetworkId network) private view returns (CreditTerms storage terms) {
        terms = _terms[network];
        if (terms.price.feed == address(0)) revert NoTerms(network);
    }

    /// @dev Spec 7: ⌈credits · 10^18 · 10^decimals / (10^6 · price)⌉. Rounded up, so that no series of small purchases is cheaper than a large one.
    function _costOf(uint256 credits, uint256 price, uint8 decimals) private pure returns (uint256) {
        return Math.mulDiv(credits, TOKEN * 10 ** decimals, CREDITS_PER_USD * price, Math.Rounding.Ceil);
    }

    /// @dev Takes credits out of an account with their part of its tokens: all of them with the last credit.
    function _draw(CreditAccount storage account, uint128 credits) private returns (uint128 tokens) {
        (uint128 allCredits, uint128 allTokens) = (account.credits, account.tokens);
        if (allCredits == 0) return 0;
        tokens = uint128(uint256(allTokens) * credits / allCredits);
        account.credits = allCredits - credits;
        account.tokens = allTokens - tokens;
    }

    function _drawSome(CreditAccount storage account, uint128 credits) private returns (uint128) {
        if (credits > account.credits) revert NotEnoughCredits(account.credits, credits);
        return _draw(account, credits);
    }

    function _move(CreditAccount storage from, CreditAccount storage to, uint128 credits)
        private
        returns (uint128 tokens)
    {
        tokens = _drawSome(from, credits);
        to.credits += credits;
        to.tokens += tokens;
    }

    /// @dev What was drawn is divided as the program's terms say, and written down for the epoch.
    function _split(
        NetworkId network,
        address payer,
        address seller,
        uint8 program,
        uint128 credits,
        uint128 tokens
    ) private returns (uint128 burned, uint128 paid) {
        paid = uint128(uint256(tokens) * _terms[network].sellerBps[program] / BPS);
        burned = tokens - paid;
        uint32 epoch = NETWORKS.timelineOf(network).epochAt(block.timestamp);
        Spending storage spent = _spent[network][epoch];
        if (spent.credits == 0 && credits != 0) _spentEpochs[network].push(epoch);
        spent.credits += credits;
        spent.burned += burned;
        spent.paid += paid;
        _noteBurn(_burned[network][program], epoch, burned);
        emit CreditsSpent(network, payer, seller, program, epoch, credits, burned, paid);
    }

    function _noteBurn(Checkpoints.Trace208 storage trace, uint32 epoch, uint128 burned) private {
        if (burned > 0) trace.push(epoch, trace.latest() + burned);
    }

    function _take(address token, uint256 amount) private {
        uint256 before = IERC20(token).balanceOf(address(this));
        if (before < _held[token]) revert TokenNotExact(token, _held[token], before);
        _held[token] += amount;
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = IERC20(token).balanceOf(address(this)) - before;
        if (arrived != amount) revert TokenNotExact(token, amount, arrived);
    }
}
