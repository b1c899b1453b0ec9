// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BandEmission} from "../src/BandEmission.sol";
import {FixedEmission} from "../src/FixedEmission.sol";
import {NetworkToken} from "../src/NetworkToken.sol";
import {Reserve} from "../src/Reserve.sol";
import {BandTerms} from "../src/interfaces/IBandEmission.sol";
import {Spending} from "../src/interfaces/ICredits.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {Band} from "../src/libraries/Band.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {PaymentsWorld} from "./PaymentsWorld.sol";

/// @notice A network on the real contracts whose emission is a band. Its token names the band as its reminter; the band holds the base's total.
abstract contract BandWorld is PaymentsWorld {
    uint256 internal constant GENESIS_SUPPLY = 1e27;

    BandEmission internal band;
    IEmission internal base;
    Reserve internal reserve;
    address internal treasury = makeAddr("treasury");

    uint128 private _acknowledged;

    function setUp() public virtual override {
        super.setUp();
        base = new FixedEmission(100 ether, 300, 3);
        network = networks.idOf(address(this), "band");
        address planned = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        token = newToken(planned);
        band = new BandEmission(bandTerms(limits()));
        assertEq(address(band), planned);
        NetworkConfig memory c = config();
        c.emission = band;
        networks.create(c, "band", RULESET, still([uint16(7_000), 3_000, 0, 0]));
        reserve = Reserve(networks.reserveOf(network));
        vm.prank(governor);
        credits.setTerms(network, terms());
        fund(payer, address(credits));
    }

    function newToken(address reminter) internal returns (NetworkToken) {
        address[] memory recipients = new address[](2);
        uint256[] memory amounts = new uint256[](2);
        (recipients[0], recipients[1]) = (address(this), reminter);
        (amounts[0], amounts[1]) = (GENESIS_SUPPLY - base.total(), base.total());
        return new NetworkToken("Band", "BAND", recipients, amounts, reminter);
    }

    function limits() internal pure virtual returns (Band.Limits memory) {
        return Band.Limits(5_000, 30_000, 1 ether, 5 ether, 0.8e18);
    }

    function bandTerms(Band.Limits memory l) internal view returns (BandTerms memory) {
        return BandTerms(network, address(networks), address(credits), address(token), treasury, base, l);
    }

    /// @dev A customer pays a seller, at a dollar a token: of program 0 a quarter goes to the seller, of program 1 all of it.
    function spend(uint8 program, uint128 amount) internal {
        price(1e8);
        width.set(8, 0, block.timestamp);
        vm.prank(payer);
        credits.buy(network, payer, amount, type(uint256).max);
        uint128 before = payments.redeemedOf(network, payer, seller, program);
        redeem(voucher(program, before + amount), PAYER_KEY, before + amount);
    }

    function warpTo(uint32 epoch) internal {
        vm.warp(GENESIS + uint256(epoch) * EPOCH);
    }

    /// @dev The definition, epoch by epoch, with nothing skipped.
    function expectedBefore(uint32 epoch) internal view returns (uint256 reminted, uint256 overflow) {
        Band.Limits memory l = limits();
        uint256 smoothed;
        uint256 room = type(uint96).max - base.total();
        for (uint32 k; k < epoch; ++k) {
            Spending memory s = credits.spentIn(network, k);
            uint256 paid = uint256(s.burned) + s.paid;
            uint256 scheduled = base.cumulative(k + 1) - base.cumulative(k);
            smoothed = Band.smooth(smoothed, s.burned);
            uint256 again = smoothed < l.netEmissionCap ? smoothed : l.netEmissionCap;
            again += Band.topUp(l, paid, s.paid, scheduled + again, smoothed - again);
            if (again > room - reminted) again = room - reminted;
            reminted += again;
            overflow += Band.overflow(l, paid, s.paid, scheduled + again);
        }
    }
}
