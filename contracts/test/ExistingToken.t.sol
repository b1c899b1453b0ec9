// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {NetworkToken} from "../src/NetworkToken.sol";
import {RewardVault} from "../src/RewardVault.sol";
import {Role} from "../src/interfaces/IStake.sol";
import {PaymentsWorld} from "./PaymentsWorld.sol";

/// @notice A token that was there before: it can not burn, and nobody can mint it.
contract ExistingToken is ERC20 {
    constructor() ERC20("Existing", "OLD") {
        _mint(msg.sender, 1e27);
    }
}

/// @notice A network on a plain ERC-20, from its creation to a claim and to spent credits: what is burned goes where nobody can take it.
contract ExistingTokenTest is PaymentsWorld {
    address private constant SINK = 0x000000000000000000000000000000000000dEaD;

    function setUp() public override {
        super.setUp();
        token = NetworkToken(address(new ExistingToken()));
        network = networks.create(config(), "existing", RULESET, still([uint16(7_000), 3_000, 0, 0]));
        token.transfer(networks.reserveOf(network), emission.total());
        for (uint256 i; i < 3; ++i) {
            deposit(Role.Verifier, verifiers[i], 200 ether);
        }
        deposit(Role.Ingest, ingest, 100 ether);
        for (uint256 i; i < DEVICES; ++i) {
            _register(i);
        }
        vm.prank(governor);
        credits.setTerms(network, terms());
        fund(payer, address(credits));
    }

    function test_ARootIsAcceptedFinalisedAndClaimed() external {
        (Draft memory d, bytes32 id) = acceptHonest();
        vm.warp(block.timestamp + CHALLENGE);
        settlement.finalise(id);
        RewardVault vault = RewardVault(networks.vaultOf(network));
        assertEq(token.balanceOf(address(vault)), d.root.payoutSum);
        for (uint32 device; device < DEVICES; ++device) {
            address owner = ownerOf(device);
            vault.claim(id, device, d.cumulative[device], payoutProof(d, device).siblings);
            assertEq(token.balanceOf(owner), d.cumulative[device]);
        }
        uint256 before = token.balanceOf(verifiers[0]);
        settlement.resolve(id, verifiers[0]);
        assertEq(token.balanceOf(verifiers[0]) - before, 25 ether, "half of 5 % of an epoch");
    }

    function test_CreditsAreSpentAndRefunded() external {
        price(1e8);
        buy(100 * USD);
        uint256 supply = token.totalSupply();
        redeem(voucher(0, 40 * USD), PAYER_KEY, 40 * USD);
        assertEq(token.balanceOf(SINK), 30 ether);
        assertEq(token.balanceOf(seller), 10 ether);
        assertEq(token.totalSupply(), supply);
        vm.startPrank(payer);
        credits.requestRefund(network, 60 * USD);
        vm.warp(block.timestamp + REFUND);
        uint256 before = token.balanceOf(payer);
        credits.refund(network);
        vm.stopPrank();
        assertEq(token.balanceOf(payer) - before, 60 ether);
        assertEq(token.balanceOf(address(credits)), 0);
    }
}
