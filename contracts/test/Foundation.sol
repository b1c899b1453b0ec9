// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {Budgets} from "../src/Budgets.sol";
import {Credits} from "../src/Credits.sol";
import {Devices} from "../src/Devices.sol";
import {FixedEmission} from "../src/FixedEmission.sol";
import {Networks} from "../src/Networks.sol";
import {NetworkToken} from "../src/NetworkToken.sol";
import {Reserve} from "../src/Reserve.sol";
import {RewardVault} from "../src/RewardVault.sol";
import {Stake} from "../src/Stake.sol";
import {Programs, WeightPoint} from "../src/interfaces/IBudgets.sol";
import {DeviceKey, Signature} from "../src/interfaces/IDevices.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {Timeline} from "../src/types/Timeline.sol";
import {SettlementStub} from "./SettlementStub.sol";

/// @notice One network on the registry contracts, with a stub where the settlement would be and this contract authorised to slash.
abstract contract Foundation is Test {
    uint256 internal constant P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;
    uint64 internal constant GENESIS = 1_800_000_000;
    uint32 internal constant EPOCH_SECONDS = 3600;
    uint16 internal constant CLASS = 7;
    bytes internal constant RULESET = '{"version":1}';

    address internal governor = makeAddr("governor");
    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");

    SettlementStub internal settlement;
    Networks internal networks;
    Budgets internal budgets;
    Credits internal credits;
    Devices internal devices;
    Stake internal stake;
    NetworkToken internal token;
    FixedEmission internal emission;
    NetworkId internal network;
    RewardVault internal vault;
    Reserve internal reserve;

    function setUp() public virtual {
        vm.warp(GENESIS + EPOCH_SECONDS / 2);
        settlement = new SettlementStub();
        uint256 nonce = vm.getNonce(address(this));
        networks = new Networks(
            address(settlement),
            vm.computeCreateAddress(address(this), nonce + 1),
            vm.computeCreateAddress(address(this), nonce + 2)
        );
        devices = new Devices(address(networks));
        budgets = new Budgets(address(networks), vm.computeCreateAddress(address(this), nonce + 3));
        // This contract spends, where the payments would.
        credits = new Credits(address(networks), address(this), address(0));
        address[] memory authorised = new address[](1);
        authorised[0] = address(this);
        stake = new Stake(address(networks), authorised);

        address[] memory recipients = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (recipients[0], amounts[0]) = (address(this), 1e27);
        token = new NetworkToken("Example", "EX", recipients, amounts, address(0));
        emission = new FixedEmission(1000 ether, 1000, 3);
        network = networks.create(config(), "example", RULESET, weights(10_000, 0, 0, 0));
        vault = RewardVault(networks.vaultOf(network));
        reserve = Reserve(networks.reserveOf(network));
    }

    function config() internal view returns (NetworkConfig memory c) {
        c.owner = governor;
        c.token = address(token);
        c.emission = emission;
        c.timeline = Timeline({
            genesis: GENESIS,
            epochSeconds: EPOCH_SECONDS,
            sealSeconds: 300,
            availabilitySeconds: 600,
            attestSeconds: 1200,
            challengeSeconds: 1 days,
            responseSeconds: 1 hours,
            queueSeconds: 60,
            exitSeconds: 2 days
        });
        c.ingestBond = 100 ether;
        c.verifierBond = 200 ether;
        c.challengeBond = 10 ether;
        c.reportsPerEpoch = 1000;
        c.verifierShareBps = 500;
        c.name = "Example";
    }

    /// @notice Weights that do not move, of programs that are not bounded.
    function weights(uint16 a, uint16 b, uint16 c, uint16 d)
        internal
        pure
        returns (Programs memory programs)
    {
        programs.weights = new WeightPoint[](1);
        programs.weights[0].weightsBps = [a, b, c, d];
    }

    function warpToEpoch(uint32 epoch) internal {
        vm.warp(GENESIS + uint256(epoch) * EPOCH_SECONDS);
    }

    function keyOf(uint256 secret) internal pure returns (DeviceKey memory) {
        (uint256 x, uint256 y) = vm.publicKeyP256(secret);
        return DeviceKey(bytes32(x), bytes32(y));
    }

    function sign(uint256 secret, bytes32 digest) internal pure returns (Signature memory) {
        (bytes32 r, bytes32 s) = vm.signP256(secret, digest);
        return Signature(r, lowS(s));
    }

    function lowS(bytes32 s) internal pure returns (bytes32) {
        return uint256(s) > P256_ORDER / 2 ? bytes32(P256_ORDER - uint256(s)) : s;
    }

    function register(address owner, uint256 secret) internal returns (uint32 index) {
        Signature memory signature = sign(secret, devices.onboardDigest(network, owner, CLASS));
        vm.prank(owner);
        return devices.register(network, CLASS, keyOf(secret), signature, "");
    }
}
