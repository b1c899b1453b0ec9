// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {BandEmission} from "../src/BandEmission.sol";
import {FixedEmission} from "../src/FixedEmission.sol";
import {NetworkToken} from "../src/NetworkToken.sol";
import {BandTerms, IBandEmission} from "../src/interfaces/IBandEmission.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {IRemintable} from "../src/interfaces/IRemintable.sol";
import {Band} from "../src/libraries/Band.sol";
import {BandWorld} from "./BandWorld.sol";

contract PlainToken is ERC20 {
    constructor() ERC20("Plain", "PLN") {
        _mint(msg.sender, 1e27);
    }
}

contract BandEmissionTest is BandWorld {
    // ---- what is emitted

    function test_WithoutCustomers_ItIsTheBase() external {
        warpTo(500);
        assertEq(band.cumulative(0), 0);
        assertEq(band.cumulative(500), base.cumulative(500));
        assertEq(band.advance(1), 500, "one step, however long nobody paid");
        assertEq(band.cumulative(499), base.cumulative(499));
        assertEq(token.balanceOf(address(reserve)), base.cumulative(500));
    }

    function test_RevertWhen_TheEpochIsNotOver() external {
        warpTo(7);
        band.cumulative(7);
        vm.expectRevert(abi.encodeWithSelector(IBandEmission.EpochNotOver.selector, 8, 7));
        band.cumulative(8);
    }

    /// @dev A burn of 70 tokens: a seventh an epoch is emitted again, all of it in the end.
    /// @dev How much the epochs of a window will emit nobody knows yet, so no limit is too low.
    function test_AnOutflowLimitGoesWithIt() external {
        NetworkConfig memory c = config();
        (c.emission, c.outflowLimit, c.outflowEpochs) = (band, 1 ether, 64);
        assertTrue(networks.exists(networks.create(c, "limited", RULESET, still([uint16(10_000), 0, 0, 0]))));
    }

    function test_ABurnIsEmittedAgain() external {
        warpTo(3);
        spend(0, 28 * USD); // burns 21
        warpTo(4);
        assertEq(band.smoothedBurn(), 0);
        assertEq(band.cumulative(4), base.cumulative(4) + 3 ether - overflowOf(3, 28 ether, 7 ether, 3 ether));
        band.advance(10);
        assertEq(band.smoothedBurn(), 3 ether);
        warpTo(600);
        band.advance(600);
        (, uint256 reminted,) = band.partsBefore(600);
        assertEq(band.smoothedBurn(), 0);
        assertLe(reminted, 21 ether);
        // Two divisions an epoch round down.
        assertGt(reminted, 21 ether - 2 * 600);
    }

    /// @dev Sellers are owed half of what was paid: 20 000 of 40 000. The base gives 12.5 of it at most, and the burn of the epoch is a seventh of 30 000.
    function test_TheFloorIsBoundedByTheBurn() external {
        warpTo(950);
        fundMore();
        spend(0, 40_000 * USD);
        warpTo(951);
        (, uint256 reminted, uint256 overflow) = band.partsBefore(951);
        assertEq(overflow, 0);
        // Payments of 10 000 went to the seller at once; the demand of 10 000 / 0.8 is more than was burned.
        assertEq(reminted, uint256(30_000 ether) / 7);
    }

    function test_TheCapSendsTheRestToTheTreasury() external {
        warpTo(10);
        spend(1, 2 * USD); // nothing burned, two tokens paid
        warpTo(11);
        // Sellers may get 6, had 2, and of 100 tokens reaches them 0.8: 95 are too many.
        (uint256 whole,, uint256 overflow) = band.partsBefore(11);
        assertEq(whole, 1_100 ether);
        assertEq(overflow, 95 ether);
        vm.expectEmit();
        emit IBandEmission.Advanced(0, 11, 1_100 ether, 0, 95 ether);
        band.advance(50);
        assertEq(token.balanceOf(treasury), 95 ether);
        assertEq(token.balanceOf(address(reserve)), 1_005 ether);
    }

    function test_TheCapRestsWhereNextToNothingWasPaid() external {
        warpTo(10);
        spend(1, USD - 1);
        warpTo(11);
        assertEq(band.cumulative(11), base.cumulative(11));
    }

    // ---- the way there does not matter

    /// forge-config: default.fuzz.runs = 100
    /// @dev The same sequence, asked before, between and after advances in pieces, and against the definition.
    function testFuzz_PiecesAndViewsAgree(uint256 seed) external {
        uint32 epoch;
        for (uint256 i; i < 6; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            epoch += uint32(seed % (i == 3 ? 900 : 4));
            warpTo(epoch);
            spend(uint8(seed >> 32 & 1), uint128((seed >> 64) % (100 * USD) + 1));
            if (seed >> 40 & 1 == 1) band.advance((seed >> 48) % 12);
        }
        epoch += 1 + uint32((seed >> 128) % 9);
        warpTo(epoch);
        uint32 asked = uint32(seed % (epoch + 1));
        uint256 viewed = band.cumulative(asked);
        (uint256 reminted, uint256 overflow) = expectedBefore(asked);
        assertEq(viewed, base.cumulative(asked) + reminted - overflow);
        while (band.nextEpoch() < epoch) {
            band.advance(1 + seed % 97);
        }
        assertEq(band.cumulative(asked), viewed);
        (reminted, overflow) = expectedBefore(epoch);
        assertEq(token.balanceOf(address(reserve)), base.cumulative(epoch) + reminted - overflow);
        assertEq(token.balanceOf(treasury), overflow);
        assertEq(token.balanceOf(address(band)), base.total() - base.cumulative(epoch));
        assertLe(token.totalSupply(), GENESIS_SUPPLY);
    }

    function test_AdvancingTwiceChangesNothing() external {
        warpTo(5);
        spend(0, 10 * USD);
        warpTo(9);
        band.advance(100);
        uint256 held = token.balanceOf(address(reserve));
        assertEq(band.advance(100), 9);
        assertEq(band.advance(0), 9);
        assertEq(token.balanceOf(address(reserve)), held);
    }

    /// @dev Spent before genesis counts in epoch 0.
    function test_BeforeGenesis() external {
        vm.warp(GENESIS - 500);
        spend(0, 10 * USD);
        assertEq(band.advance(10), 0);
        warpTo(1);
        (uint256 reminted, uint256 overflow) = expectedBefore(1);
        assertGt(reminted, 0);
        assertEq(band.cumulative(1), 100 ether + reminted - overflow);
    }

    // ---- the token's own rule

    function test_Remint_OnlyWhatWasBurned_OnlyByTheReminter() external {
        vm.expectRevert(
            abi.encodeWithSelector(IRemintable.NotReminter.selector, address(this), address(band))
        );
        token.mintAgain(address(this), 0);
        token.burn(5 ether);
        vm.startPrank(address(band));
        vm.expectRevert(abi.encodeWithSelector(IRemintable.RemintTooLarge.selector, 5 ether + 1, 5 ether));
        token.mintAgain(address(this), 5 ether + 1);
        vm.expectRevert(NetworkToken.RecipientZero.selector);
        token.mintAgain(address(0), 1);
        token.mintAgain(address(this), 5 ether);
        vm.stopPrank();
        assertEq(token.totalSupply(), GENESIS_SUPPLY);
    }

    // ---- what is refused

    function test_RevertWhen_TheTokenHasNoReminter() external {
        token = NetworkToken(address(new PlainToken()));
        vm.expectRevert(
            abi.encodeWithSelector(IBandEmission.ReminterDiffers.selector, address(token), address(0))
        );
        new BandEmission(bandTerms(limits()));
        token = newToken(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IBandEmission.ReminterDiffers.selector, address(token), stranger)
        );
        new BandEmission(bandTerms(limits()));
    }

    function test_RevertWhen_TheBaseIsNotFunded() external {
        address[] memory recipients = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        address planned = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        (recipients[0], amounts[0]) = (planned, base.total() - 1);
        token = new NetworkToken("B", "B", recipients, amounts, planned);
        vm.expectRevert(
            abi.encodeWithSelector(IBandEmission.BaseNotFunded.selector, base.total() - 1, base.total())
        );
        new BandEmission(bandTerms(limits()));
    }

    function test_RevertWhen_LimitsAreInvalid() external {
        expectInvalid(Band.Limits(10_001, 0, 0, 0, 0), "floorBps", 10_001);
        expectInvalid(Band.Limits(5_000, 5_000, 0, 0, 0), "capBps", 5_000);
        expectInvalid(Band.Limits(5_000, 1_000_001, 0, 0, 0), "capBps", 1_000_001);
        expectInvalid(Band.Limits(0, 0, 0, 0, 1e18 + 1), "reach", 1e18 + 1);
        treasury = address(0);
        expectInvalid(limits(), "treasury", 0);
    }

    function test_RevertWhen_TheNetworkWasCreatedWithAnother() external {
        network = networks.idOf(address(this), "other");
        address planned = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        token = newToken(planned);
        BandEmission other = new BandEmission(bandTerms(limits()));
        NetworkConfig memory c = config();
        c.emission = IEmission(address(band));
        networks.create(c, "other", RULESET, still([uint16(7_000), 3_000, 0, 0]));
        vm.expectRevert(abi.encodeWithSelector(IBandEmission.NetworkDiffers.selector, network));
        other.advance(1);
    }

    function expectInvalid(Band.Limits memory l, string memory field, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IBandEmission.LimitsInvalid.selector, field, value));
        new BandEmission(bandTerms(l));
    }

    function overflowOf(uint32 epoch, uint256 paid, uint256 paidDirectly, uint256 again)
        private
        view
        returns (uint256)
    {
        uint256 scheduled = base.cumulative(epoch + 1) - base.cumulative(epoch);
        return Band.overflow(limits(), paid, paidDirectly, scheduled + again);
    }

    function fundMore() private {
        token.transfer(payer, 100_000 ether);
    }
}

/// @notice The library against the vectors that packages/economics writes.
contract BandVectorsTest is BandWorld {
    string private json = vm.readFile("specs/vectors/economics.json");

    function test_Vectors_Bands() external view {
        uint256 seen;
        for (; vm.keyExistsJson(json, item(".band", seen)); ++seen) {
            string memory k = item(".band", seen);
            Band.Limits memory l = Band.Limits(
                uint16(number(k, ".limits.floorBps")),
                uint32(number(k, ".limits.capBps")),
                0,
                uint96(number(k, ".limits.netEmissionCap")),
                uint64(number(k, ".input.reach"))
            );
            bool hasPrice = bytes(text(k, ".input.paidAtPrice")).length != 0;
            uint256 smoothed = number(k, ".input.smoothedBurn");
            uint256 again = smoothed < l.netEmissionCap ? smoothed : l.netEmissionCap;
            assertEq(again, number(k, ".band.reEmitted"));
            uint256 base_ = number(k, ".input.scheduled") + again;
            uint256 top = Band.topUp(
                l,
                hasPrice ? number(k, ".input.paidAtFloorPrice") : 0,
                number(k, ".input.paidDirectly"),
                base_,
                smoothed - again
            );
            assertEq(top, number(k, ".band.topUp"));
            assertEq(base_ + top, number(k, ".band.rewards"));
            if (hasPrice) assertEq(Band.capOf(l, number(k, ".input.paidAtPrice")), number(k, ".band.cap"));
        }
        assertGt(seen, 8);
    }

    function test_Vectors_Runs() external view {
        uint256 seen;
        for (; vm.keyExistsJson(json, item(".bandRuns", seen)); ++seen) {
            string memory k = item(".bandRuns", seen);
            Band.Limits memory l = Band.Limits(
                uint16(number(k, ".terms.floorBps")),
                uint32(number(k, ".terms.capBps")),
                uint96(number(k, ".terms.capFrom")),
                uint96(number(k, ".terms.netEmissionCap")),
                uint64(number(k, ".terms.reach"))
            );
            assertRun(string.concat(k, ".epochs"), l, type(uint96).max - number(k, ".terms.baseTotal"));
        }
        assertGt(seen, 4);
    }

    function assertRun(string memory list, Band.Limits memory l, uint256 room) private view {
        uint256 smoothed;
        uint256 reminted;
        uint256 overflow;
        for (uint256 i; vm.keyExistsJson(json, item(list, i)); ++i) {
            string memory k = item(list, i);
            uint256 burned = number(k, ".burned");
            uint256 direct = number(k, ".paidDirectly");
            uint256 scheduled = number(k, ".scheduled");
            smoothed = Band.smooth(smoothed, burned);
            uint256 again = smoothed < l.netEmissionCap ? smoothed : l.netEmissionCap;
            again += Band.topUp(l, burned + direct, direct, scheduled + again, smoothed - again);
            if (again > room - reminted) again = room - reminted;
            reminted += again;
            overflow += Band.overflow(l, burned + direct, direct, scheduled + again);
            assertEq(smoothed, number(k, ".smoothedBurn"));
            assertEq(reminted, number(k, ".reminted"));
            assertEq(overflow, number(k, ".overflow"));
        }
    }

    function item(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(i), "]");
    }

    function number(string memory k, string memory field) private view returns (uint256) {
        return vm.parseUint(text(k, field));
    }

    /// @dev Empty for null.
    function text(string memory k, string memory field) private view returns (string memory) {
        try vm.parseJsonString(json, string.concat(k, field)) returns (string memory value) {
            return keccak256(bytes(value)) == keccak256("null") ? "" : value;
        } catch {
            return "";
        }
    }
}

/// @notice What it costs at worst: contracts/snapshots/emission.json.
contract BandGasTest is BandWorld {
    function test_gas_Band() external {
        warpTo(1);
        token.transfer(payer, 1e24);
        spend(0, 1e6 * USD);
        warpTo(2);
        measure("band, an epoch with spendings not taken in", 2);
        advance("advance, an epoch with spendings", 1);
        warpTo(3);
        advance("advance, an epoch without", 1);
        warpTo(100_000);
        measure("band, 100 000 epochs without spendings not taken in", 100_000);
        uint256 steps;
        for (; band.nextEpoch() < 100_000; ++steps) {
            band.advance(1);
        }
        vm.snapshotValue("emission", "band, steps of 100 000 epochs without spendings", steps);
        assertLe(steps, 450);
        vm.snapshotValue("Sizes", "BandEmission", address(band).code.length);
        measure("band, taken in", 2);
        measure("band, taken in, of the last epoch", 100_000);
    }

    function measure(string memory name, uint32 epoch) private {
        vm.cool(address(band));
        vm.cool(address(credits));
        vm.cool(address(networks));
        uint256 before = gasleft();
        band.cumulative(epoch);
        vm.snapshotValue("emission", name, before - gasleft());
    }

    function advance(string memory name, uint256 limit) private {
        vm.cool(address(band));
        vm.cool(address(credits));
        vm.cool(address(networks));
        uint256 before = gasleft();
        band.advance(limit);
        vm.snapshotValue("emission", name, before - gasleft());
    }
}
